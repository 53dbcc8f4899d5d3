import { quote } from '../../src/core/shell-words.ts';
import { tryJson } from '../../src/core/try-json.ts';
import { rspecTools } from './gems.ts';
import { RspecJson, rspecCases } from './rspec-results.ts';
import { brokenRun, type Job, localPath, noTests, type Runner, runJob, testsMatching } from './runner.ts';

/** Where Ruby comes with a Chef client that the driver did not put there. */
const CLIENT_RUBIES = ['/opt/chef/embedded/bin/ruby', '/opt/cinc/embedded/bin/ruby'];

/**
 * Specs as busser-serverspec and busser-rspec choose them: all `*_spec.rb` of the folder, which is on the load path with
 * its `lib`. They run on the instance with the Chef client's Ruby, in one process. Single examples are
 * chosen by their files: most descriptions of serverspec are made while they run, and lines move.
 */
export const specRunner: Runner = {
  tools: rspecTools,
  async run(job) {
    const specs = testsMatching(job, /_spec\.rb$/);
    if (specs.length === 0) return [noTests(job, '*_spec.rb')];
    tellWhatIsLeftOut(job);
    const json = `${job.tools}/${job.folder.busser}.json`;
    const run = await runJob(job, specScript(job, specs, json));
    const report = await readJson(job, json);
    if (report === undefined) {
      const hint =
        run.exitCode === 127
          ? 'specs need a Ruby on the instance: use a Chef provisioner, install one, or set ruby_bindir:'
          : undefined;
      return [brokenRun(job, run, hint)];
    }
    const cases = rspecCases(report, (file) => localPath(job, file));
    const isDone =
      run.exitCode === 0 || (run.exitCode === 1 && cases.some(({ outcome }) => outcome !== 'pass'));
    if (isDone && cases.length > 0) return cases;
    if (isDone) return [{ ...noTests(job, '*_spec.rb'), expected: 'examples in the specs' }];
    return [...cases, brokenRun(job, run)];
  },
};

/** Shell text that finds a Ruby and runs RSpec; 127 when there is none. */
function specScript(job: Job, specs: readonly string[], json: string): string {
  const given = job.ctx.config.ruby_bindir;
  const { ruby } = job.input.client ?? {};
  const rubies =
    given != null ? [`${given}/ruby`] : [...(ruby === undefined ? [] : [ruby]), ...CLIENT_RUBIES];
  const or = given == null ? 'ruby=$(command -v ruby)' : 'false';
  const options = ['-I', '.', '-I', 'lib', '--default-path', '.', '--no-color'];
  const formats = ['--format', 'documentation', '--format', 'json', '--out', json];
  const words = [...options, ...formats, ...specs.map((spec) => `./${spec}`)].map(quote).join(' ');
  return [
    `cd ${quote(job.tests)} || exit`,
    `for ruby in ${rubies.map(quote).join(' ')} ''; do [ -x "$ruby" ] && break; done`,
    `[ -n "$ruby" ] || ${or} || { echo 'there is no Ruby: looked for ${rubies.join(', ')}' >&2; exit 127; }`,
    // Specs are UTF-8, whatever the locale of an empty environment makes of them.
    `exec "$ruby" -Eutf-8 ${quote(`${job.tools}/rspec.rb`)} ${words}`,
  ].join('\n');
}

async function readJson(job: Job, file: string): Promise<RspecJson | undefined> {
  const text = await job.input.connection.readFile(file);
  // It is no JSON where RSpec was stopped while it wrote.
  return text && RspecJson.safeParse(tryJson(text.toString('utf8'))).data;
}

function tellWhatIsLeftOut({ ctx, folder }: Job): void {
  for (const name of ['Gemfile', 'setup-recipe.rb']) {
    const file = folder.files.find(({ path }) => path === name);
    if (file === undefined) continue;
    const message = `${file.local} is not used: specs have serverspec and RSpec, and what is installed on the instance's Ruby`;
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
  }
}
