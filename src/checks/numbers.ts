import { z } from 'zod';

/** What an attribute's numbers can be at all; an operand outside is an error before anything is made. */
export const count = z.int().min(0);
/** Milliseconds, seconds, bytes. */
export const amount = z.number().min(0);
export const percent = z.number().min(0).max(100);
/** A process, or the length of something that is there. */
export const atLeastOne = z.int().min(1);
/** Of users and groups, see credentials(7). */
export const accountNumber = z.int().min(0).max(4_294_967_295);
export const exitStatus = z.int().min(0).max(255);
/** Three digits, see RFC 9110. */
export const statusCode = z.int().min(100).max(999);
export const portNumber = z.int().min(0).max(65_535);
