/** How far the kitchen's main instance has come. */
export type Stage = 'absent' | 'created' | 'converged';
