const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const WORDS = [
  'the',
  'saw',
  'a',
  'and',
  'number',
  'was',
  'cat',
  'dog',
  'bird',
  'mou',
  '##se',
  ',',
  '.',
  ...'0123456789',
];
const IDS = new Map([...SPECIAL, ...WORDS].map((token, id) => [token, id]));

/** How many tokens there are. */
export const VOCABULARY = IDS.size;

/** Small letters of a word, or its two pieces. */
export function idsOfWord(word: string): number[] {
  const pieces = word === 'mouse' ? ['mou', '##se'] : [word.toLowerCase()];
  return pieces.map((piece) => IDS.get(piece) ?? 1);
}

/** The first token of every text, and the last. */
export const [FIRST, LAST] = [2, 3];

/** The files of a folder from which transformers.js makes a model and its tokenizer, the model's own aside. */
export function pretrainedFiles(hiddenSize: number): Record<string, unknown> {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    'config.json': {
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: hiddenSize,
      vocab_size: VOCABULARY,
    },
    'tokenizer_config.json': {
      tokenizer_class: 'BertTokenizer',
      model_max_length: 512,
      do_lower_case: true,
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
    },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: SPECIAL.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
        pair: [],
        special_tokens: {
          '[CLS]': { id: '[CLS]', ids: [FIRST], tokens: ['[CLS]'] },
          '[SEP]': { id: '[SEP]', ids: [LAST], tokens: ['[SEP]'] },
        },
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(IDS),
      },
    },
  };
}
