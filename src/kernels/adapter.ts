/** A GPU as its driver names it, and how much it takes at once. */
export interface Adapter {
  /** Such as nvidia; '' where it is not told. */
  readonly vendor: string;
  /** Such as hopper; '' where it is not told. */
  readonly architecture: string;
  /** In words; '' where it is not told. */
  readonly description: string;
  /** In bytes. */
  readonly limits: {
    /** A buffer. */
    readonly largestBuffer: number;
    /** What of a buffer a kernel sees at once. */
    readonly largestBinding: number;
  };
}
