/** Of the package gifenc, which has no types: what is used of it. */
declare module 'gifenc' {
  type Palette = number[][];
  interface Frame {
    /** Of the first frame; all others have it too. */
    readonly palette?: Palette;
    /** In milliseconds. */
    readonly delay: number;
    readonly transparent: boolean;
    readonly transparentIndex: number;
    /** 1: the next frame is laid over this one. */
    readonly dispose: number;
  }
  const gifenc: {
    quantize(rgba: Uint8Array, maxColors: number): Palette;
    applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
    GIFEncoder(): {
      writeFrame(index: Uint8Array, width: number, height: number, frame: Frame): void;
      finish(): void;
      bytes(): Uint8Array;
    };
  };
  export = gifenc;
}
