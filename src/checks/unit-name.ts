import { z } from 'zod';

/**
 * Name of a service unit as a check gives it, `.service` left out or not (systemd.unit(5), "Description"). One name that
 * the manager refuses would keep it from telling of all others in the same look.
 */
export function unitName(): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1)
    .regex(/^([A-Za-z0-9:_.\\@-]|\$\{[^}]+\})+$/, 'expected the name of one unit, no path and no pattern')
    .refine((name) => !/@(\.[a-z]+)?$/.test(name), 'a template is no unit: name one of it, such as app@1')
    .meta({ takes: 'text' });
}
