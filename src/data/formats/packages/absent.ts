import { InputError } from '../../../errors.ts';

/** What stands in the one file for pages in the place of readers whose packages it does not hold. */
async function absent(): Promise<never> {
  throw new InputError(
    'Parquet and Arrow files are not read by rhohat.browser.js, which loads no other file: take dist/browser, or a bundler',
  );
}

export { absent as arrowExamples, absent as parquetExamples };
