/** What a first kitchen of a cookbook checks: something that is true of every cookbook, and what to write next. */
const COOKBOOK_CHECKS = `        # A converge of what is converged changes nothing. It holds for any recipe, so it says little of yours:
        - idempotent: true
        # What its users would notice, such as these, says more. After galley converge, galley init --checks-from
        # default-debian-12 writes such checks of what is there; your editor knows all types by the schema above.
        # - http: http://localhost/
        #   status: 200
        # - service: nginx
        # - port: 443
`;
const SHELL_CHECKS = `        # what the command made; replace both by your own
        - file: /converged
          content: {contains: ready}
`;

/** Text of a first kitchen.yml for a cookbook, or for a folder that is none. `schema`: where editors find the schema. */
export function newKitchen(cookbook: string | undefined, schema: string): string {
  const provisioner = cookbook
    ? 'provisioner:\n  name: chef_infra\n'
    : 'provisioner:\n  name: shell\n  command: "echo ready > /converged"\n';
  const runList = cookbook ? `    run_list:\n      - recipe[${cookbook}::default]\n` : '';
  return `# yaml-language-server: $schema=${schema}
# galley validate checks this file, galley list shows its instances, galley test runs them.
driver:
  name: docker

${provisioner}
platforms:
  - name: debian-12

suites:
  - name: default
${runList}    verifier:
      checks:
${cookbook ? COOKBOOK_CHECKS : SHELL_CHECKS}`;
}

/**
 * The name that a cookbook gives itself: `name 'x'` in metadata.rb, or "name" in metadata.json. Undefined when there
 * is none; metadata.rb is read, not run.
 */
export function cookbookName(
  metadataRb: string | undefined,
  metadataJson: string | undefined,
): string | undefined {
  const written = /^\s*name[\s(]+(['"])([\w.-]+)\1/m.exec(metadataRb ?? '')?.[2];
  if (written !== undefined) return written;
  try {
    const { name } = JSON.parse(metadataJson ?? '') as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The content of .gitignore with the state folder in it; undefined when nothing has to change. */
export function withIgnored(gitignore: string | undefined): string | undefined {
  const lines = (gitignore ?? '').split(/\r?\n/).map((line) => line.trim());
  if (lines.some((line) => /^\/?\.galley\/?$/.test(line))) return undefined;
  const before =
    gitignore === undefined || gitignore === '' || gitignore.endsWith('\n')
      ? (gitignore ?? '')
      : `${gitignore}\n`;
  return `${before}.galley/\n`;
}
