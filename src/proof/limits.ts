/** The limit on ‖n − a‖/‖n + a‖ in float64, and on that of the float32 against the float64 analytic gradient. */
export const LIMIT = 1e-8;
export const FLOAT32_LIMIT = 1e-5;
