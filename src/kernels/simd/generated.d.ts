// What `npm run build:wasm` makes in build/simd; esbuild puts it into the bundle.

/** Bytes of WebAssembly in hexadecimal, or a worker's program. */
declare module '#simd/*.txt' {
  const text: string;
  export default text;
}

/** WebAssembly that a runtime compiles as it loads the program. */
declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}
