/** Whether an IP address, as the kernel prints it, is only reached from its own machine; also mapped into IPv6. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d+){1,3}$/.test(address) || address === '::1';
}

/** The same for what is written in an URL or a setting, where it may be a name. */
export function isLocalhost(host: string): boolean {
  return host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''));
}
