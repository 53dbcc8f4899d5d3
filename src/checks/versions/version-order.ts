/** Whose rules decide which of two versions is the newer. */
export type VersionOrder = 'dpkg' | 'rpm' | 'apk' | 'gem' | 'pip' | 'npm';
