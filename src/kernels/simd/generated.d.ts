// What `npm run build:wasm` makes in build/simd; esbuild puts it into the bundle.

declare module '#simd/plain.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

declare module '#simd/relaxed.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

declare module '#simd/worker.txt' {
  const source: string;
  export default source;
}
