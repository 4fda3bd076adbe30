// What `npm run build:wasm` makes in build/simd; esbuild puts it into the bundle.

/** Bytes of WebAssembly in hexadecimal, or a worker's program. */
declare module '#simd/*.txt' {
  const text: string;
  export default text;
}
