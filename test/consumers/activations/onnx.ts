// ONNX files are protocol buffers: fields of a number and a value, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

/** How ONNX numbers its types. */
const TYPES = { float32: 1, int64: 7, float16: 10 } as const;
type NumberType = keyof typeof TYPES;
const INT = 2; // of attributes

/** A constant of a graph. */
export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A node: `outputs` names what it makes of `inputs`. */
export interface Operation {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** What goes in or comes out; names in its shape stand for any length. */
export interface Port {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: readonly (number | string)[];
}

/** A graph of operations, each after those whose outputs it takes. */
export interface Graph {
  readonly inputs: readonly Port[];
  readonly constants: readonly Constant[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly Port[];
}

/** The bytes of an .onnx file, of the operators' version 17. */
export function onnxFile({ inputs, constants, operations, outputs }: Graph): Uint8Array {
  const graph = [
    ...operations.map((operation) => message(1, operationFields(operation))),
    text(2, 'small'),
    ...constants.map((constant) => message(5, constantFields(constant))),
    ...inputs.map((port) => message(11, portFields(port))),
    ...outputs.map((port) => message(12, portFields(port))),
  ];
  return Buffer.concat([whole(1, 8), message(8, [text(1, ''), whole(2, 17)]), message(7, graph)]);
}

function operationFields({ operator, inputs, output, attributes = {} }: Operation): Buffer[] {
  const named = Object.entries(attributes).map(([name, value]) =>
    message(5, [text(1, name), whole(3, value), whole(20, INT)]),
  );
  return [...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...named];
}

function constantFields({ name, shape, data }: Constant): Buffer[] {
  const type = data instanceof Float32Array ? TYPES.float32 : TYPES.int64;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength); // in ONNX little-endian, as machines are
  return [...shape.map((length) => whole(1, length)), whole(2, type), text(8, name), counted(9, bytes)];
}

function portFields({ name, type, shape }: Port): Buffer[] {
  const lengths = shape.map((length) => message(1, [typeof length === 'number' ? whole(1, length) : text(2, length)]));
  return [text(1, name), message(2, [message(1, [whole(1, TYPES[type]), message(2, lengths)])])];
}

const message = (field: number, fields: readonly Buffer[]) => counted(field, Buffer.concat(fields));
const text = (field: number, value: string) => counted(field, Buffer.from(value));
const whole = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)]);
const counted = (field: number, bytes: Buffer) =>
  Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}
