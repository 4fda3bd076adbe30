/** What stands for load-package.ts in what pages load: their bundlers would warn of an import that they cannot follow. */
export async function loadPackage(): Promise<never> {
  throw new Error('what is made for pages loads no package');
}
