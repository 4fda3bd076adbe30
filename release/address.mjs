// Where the project lives: the fields of package.json that say so, and addresses of its files.

/** Addresses of a file at a tag: as a page, and as it is. */
const hosts = {
  'github.com': { page: '/blob/TAG/', file: '/raw/TAG/' },
  'gitlab.com': { page: '/-/blob/TAG/', file: '/-/raw/TAG/' },
  'codeberg.org': { page: '/src/tag/TAG/', file: '/raw/tag/TAG/' },
};

const ALLOWED = `https://HOST/owner/rhohat, HOST one of ${Object.keys(hosts).join(', ')}; add another to release/address.mjs`;

/** @returns the address without its end. @throws where it is none of a repository, or a placeholder. */
function parsed(address) {
  const [, host, owner, name] =
    /^https:\/\/([\w.-]+)\/([\w.-]+(?:\/[\w.-]+)*)\/([\w.-]+?)(?:\.git)?\/?$/.exec(address) ?? [];
  if (name === undefined || !(host in hosts)) throw new Error(`the address is ${address}: it must be ${ALLOWED}`);
  if (/^(owner|user|username|example|your-?name)$/i.test(owner)) {
    throw new Error(
      `the address is ${address}: "${owner}" stands for a name; give the real one, or none until there is one`,
    );
  }
  return { host, base: `https://${host}/${owner}/${name}` };
}

/** What package.json says of an address: `repository`, `homepage`, `bugs`. */
export function fieldsOf(address, homepage) {
  const { base, host } = parsed(address);
  if (homepage !== undefined && !/^https:\/\/[\w.-]+(\/\S*)?$/.test(homepage)) {
    throw new Error(`the homepage is ${homepage}: it must be an address that begins with https://`);
  }
  return {
    homepage: homepage ?? `${base}#readme`,
    bugs: { url: host === 'gitlab.com' ? `${base}/-/issues` : `${base}/issues` },
    repository: { type: 'git', url: `git+${base}.git` },
  };
}

/** The manifest with these fields, in their usual place, after `license`. */
export function withAddress(manifest, address, homepage) {
  const { homepage: _, bugs: __, repository: ___, ...rest } = manifest;
  const fields = fieldsOf(address, homepage);
  return Object.fromEntries(
    Object.entries(rest).flatMap(([key, value]) => [
      [key, value],
      ...(key === 'license' ? Object.entries(fields) : []),
    ]),
  );
}

/**
 * A page whose relative links and pictures lead to the repository at the tag of this version, since a registry or a CDN has none of
 * the files; as it is where package.json has no `repository`.
 */
export function absolute(markdown, { repository, version }) {
  if (repository === undefined) return markdown;
  const { base, host } = parsed(repository.url.replace(/^git\+/, ''));
  const to = (target, kind) => {
    if (/^([a-z]+:|#|\/\/)/.test(target)) return target;
    return base + hosts[host][kind].replace('TAG', `v${version}`) + target.replace(/^\.\//, '');
  };
  // Code is left alone: fenced blocks, and spans.
  return markdown
    .split(/(^```[\s\S]*?^```$|`[^`\n]*`)/m)
    .map((part, i) => (i % 2 === 1 ? part : linked(part, to)))
    .join('');
}

/** Text without code, in which `to` has changed every target. */
function linked(text, to) {
  return text
    .replace(/(!\[[^\]]*\]\()([^)\s]+)\)/g, (_, before, target) => `${before}${to(target, 'file')})`)
    .replace(/\]\(([^)\s]+)\)/g, (_, target) => `](${to(target, 'page')})`)
    .replace(/\bsrc="([^"]+)"/g, (_, target) => `src="${to(target, 'file')}"`)
    .replace(/\bhref="([^"]+)"/g, (_, target) => `href="${to(target, 'page')}"`);
}
