import { InputError, show } from '../../errors.ts';
import { callOf, knownGlobal } from './globals.ts';
import { opcodeName } from './opcodes.ts';
import type { PickleBytes } from './pickle-bytes.ts';
import type { Pickled, PickledGlobal, PickledStorage } from './pickled.ts';
import { storageOf } from './storages.ts';

const REMEDY =
  'in Python, torch.save(model.state_dict(), path) or safetensors.torch.save_file(model.state_dict(), path) writes what is read here';

// What a pickle may make in all, counted as `spend` is told: a reference of two bytes to a long text must not become as much again.
const LIMIT_MADE = 2 ** 22;
const MARK = Symbol('mark');
type Item = Pickled | PickledGlobal | typeof MARK;

/**
 * What a pickle of torch.save says, as plain data: numbers, texts, lists, maps, tensors. Nothing is ever called: the classes of
 * `globals.ts` alone are known, and each of them makes data. Throws InputError, naming opcode or class, on all else, and on
 * what is cut, and on what makes much more than it is. Memory: 64 times the pickle. [CPython, pickletools; protocols 2 to 5]
 */
export function readPickle(bytes: PickleBytes, what: string): Pickled {
  const stack: Item[] = [];
  const memo = new Map<number, Item>();
  const fail = (why: string): never => {
    throw new InputError(`${what}: its pickle ${why}: it is damaged, or not meant for this program`);
  };
  let left = LIMIT_MADE;
  const spend = (amount: number) => {
    left -= amount;
    if (left < 0) fail('makes far more than tensors need');
  };
  const push = (made: Pickled[] | Map<Pickled, Pickled>) => {
    spend(made instanceof Map ? 16 : 4);
    stack.push(made);
  };
  const pop = (): Item => (stack.length === 0 ? fail('takes from an empty stack') : (stack.pop() as Item));
  const value = (item = pop()): Pickled => {
    if (item === MARK) return fail('holds a mark where a value is needed');
    return item as Pickled; // a class stands for its name where it is no call's
  };
  const peek = (): Item => (stack.length === 0 ? fail('looks at an empty stack') : stack[stack.length - 1]);
  const toMark = (): Pickled[] => {
    const at = stack.lastIndexOf(MARK);
    if (at < 0) return fail('has no mark for what it gathers');
    return stack.splice(at).slice(1) as Pickled[];
  };
  const recall = (key: number): Item =>
    memo.get(key) ?? (memo.has(key) ? null : fail(`recalls ${key}, which it never kept`));
  const keep = (key: number) => memo.set(key, peek());
  const put = (pairs: Pickled[]) => {
    const map = peek();
    if (!(map instanceof Map) || pairs.length % 2 === 1) return fail('sets items of what is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1]);
  };
  const append = (items: Pickled[]) => {
    const list = peek();
    if (!Array.isArray(list)) return fail('appends to what is no list');
    for (const item of items) list.push(item);
  };
  const global = (module: string, name: string) => {
    const found = knownGlobal(module, name);
    if (found !== undefined) return stack.push(found);
    throw new InputError(
      `${what}: its pickle names ${show(`${module}.${name}`)}, and what a pickle names is called: only tensors and plain data are read; ${REMEDY}`,
    );
  };

  for (;;) {
    const op = bytes.byte();
    switch (op) {
      case 0x80: // PROTO
        if (bytes.byte() > 5) fail('has a protocol above 5');
        break;
      case 0x95: // FRAME: its length says nothing that is needed
        bytes.skip(8);
        break;
      case 0x2e: // STOP
        return value();
      case 0x28: // MARK
        stack.push(MARK);
        break;
      case 0x30: // POP
        pop();
        break;
      case 0x31: // POP_MARK
        toMark();
        break;
      case 0x32: // DUP
        stack.push(peek());
        break;
      case 0x68: // BINGET
        stack.push(recall(bytes.byte()));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(recall(bytes.unsigned(4)));
        break;
      case 0x71: // BINPUT
        keep(bytes.byte());
        break;
      case 0x72: // LONG_BINPUT
        keep(bytes.unsigned(4));
        break;
      case 0x94: // MEMOIZE
        keep(memo.size);
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(op === 0x88);
        break;
      case 0x4a: // BININT
        stack.push(bytes.unsigned(4) | 0);
        break;
      case 0x4b: // BININT1
        stack.push(bytes.byte());
        break;
      case 0x4d: // BININT2
        stack.push(bytes.unsigned(2));
        break;
      case 0x8a: // LONG1
        stack.push(bytes.long(bytes.byte()));
        break;
      case 0x47: // BINFLOAT
        stack.push(bytes.double());
        break;
      case 0x58: // BINUNICODE
        stack.push(bytes.text(bytes.unsigned(4)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(bytes.text(bytes.byte()));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(bytes.text(bytes.unsigned(8)));
        break;
      case 0x55: // SHORT_BINSTRING
        stack.push(bytes.text(bytes.byte()));
        break;
      case 0x54: // BINSTRING
        stack.push(bytes.text(bytes.unsigned(4)));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(bytes.take(bytes.byte()));
        break;
      case 0x42: // BINBYTES
        stack.push(bytes.take(bytes.unsigned(4)));
        break;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        push([]);
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        push(Array.from({ length: op - 0x84 }, () => value()).reverse());
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
        push(toMark());
        break;
      case 0x61: // APPEND
        append([value()]);
        break;
      case 0x65: // APPENDS
        append(toMark());
        break;
      case 0x7d: // EMPTY_DICT
        push(new Map());
        break;
      case 0x64: {
        // DICT
        const pairs = toMark();
        push(new Map());
        put(pairs);
        break;
      }
      case 0x73: {
        // SETITEM
        const item = value();
        const key = value();
        put([key, item]);
        break;
      }
      case 0x75: // SETITEMS
        put(toMark());
        break;
      case 0x63: // GLOBAL
        global(bytes.line(), bytes.line());
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [name, module] = [value(), value()];
        if (typeof name !== 'string' || typeof module !== 'string') fail('names a class by what is no text');
        global(String(module), String(name));
        break;
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = value();
        spend(16 + (Array.isArray(args) ? args.reduce<number>((sum, arg) => sum + sizeOf(arg), 0) : 0));
        stack.push(callOf(pop(), args, fail));
        break;
      }
      case 0x62: {
        // BUILD: attributes of what is kept as data alone; PyTorch gives state dicts their _metadata
        const state = value();
        const built = peek();
        if (!(built instanceof Map) && !isDtype(built)) fail('sets the state of what has none');
        if (isDtype(built) && Array.isArray(state)) built.order = state[1] === '>' ? '>' : '<';
        break;
      }
      case 0x51: // BINPERSID
        stack.push(storageOf(value(), fail) satisfies PickledStorage);
        break;
      default:
        throw new InputError(
          `${what}: its pickle has the opcode ${opcodeName(op)}: only those of tensors and plain data are read; ${REMEDY}`,
        );
    }
  }
}

/** Of what a call copies. */
function sizeOf(arg: Pickled): number {
  return typeof arg === 'string' || Array.isArray(arg) ? arg.length : 1;
}

function isDtype(item: unknown): item is { dtype: string; order: '<' | '>' } {
  return typeof item === 'object' && item !== null && 'dtype' in item && 'order' in item;
}
