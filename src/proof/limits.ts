/** The limit on ‖n − a‖/‖n + a‖ in float64, and on that of the float32 against the float64 analytic gradient. */
export const LIMIT = 1e-8;
export const FLOAT32_LIMIT = 1e-5;
/** The same on a GPU, whose exp, log and division WGSL leaves a few units in the last place. [WGSL, floating-point accuracy] */
export const GPU_LIMIT = 2e-5;
