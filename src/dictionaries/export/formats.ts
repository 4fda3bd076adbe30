/** Whose files: SAELens 6, dictionary_learning, or plain arrays by the names of Gemma Scope. */
export type DictionaryFormat = (typeof dictionaryFormats)[number];

/** The formats that dictionaries are written in, by name. */
export const dictionaryFormats = ['saelens', 'dictionary-learning', 'npz'] as const;
