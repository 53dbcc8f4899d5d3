/** Where the local client lives in an instance; it runs only there. */
export const LOCAL_CLIENT_PATH = '/opt/chef';

/** A gem's executable without the line that puts its own folder first in the load path, where it is already. */
export function withoutUnshift(script: string): string {
  return script.replace(/^\$:\.unshift.*$/m, '');
}

/** Name → path below the gem home of the commands that get a wrapper in `bin/`. */
export const CLIENT_COMMANDS: readonly (readonly [string, RegExp])[] = [
  ['chef-client', /^chef-bin-[^/]+\/bin\/chef-client$/],
  ['chef-solo', /^chef-bin-[^/]+\/bin\/chef-solo$/],
  ['chef-apply', /^chef-bin-[^/]+\/bin\/chef-apply$/],
  ['chef-shell', /^chef-bin-[^/]+\/bin\/chef-shell$/],
  ['ohai', /^ohai-[^/]+\/bin\/ohai$/],
];

/**
 * The interpreter: Ruby, started by its own copy of the dynamic loader with its own libraries, so that the glibc of
 * the instance does not matter. The loader's file is named `ruby`, because that is what `ps` shows. Paths are given as
 * arguments: an environment variable would leak into the commands that recipes run. The sizes of the heap (a converge
 * then collects 3 times instead of 20, about 0.1 s less) can only be given by variables; `BOOT` removes them.
 */
export const RUBY_WRAPPER = `#!/bin/sh
e=${LOCAL_CLIENT_PATH}/embedded
export RUBY_GC_HEAP_INIT_SLOTS=800000 RUBY_GC_MALLOC_LIMIT=134217728 RUBY_GC_MALLOC_LIMIT_MAX=134217728 \\
  RUBY_GC_OLDMALLOC_LIMIT=268435456
exec $e/libexec/ruby --library-path $e/lib $e/bin/ruby.bin \\
  --disable=gems,rubyopt,error_highlight -I$e/rubylib/arch -I$e/rubylib/std -r$e/boot.rb "$@"
`;

/** Starts a gem's executable, `script` being its path below the gems. */
export function commandWrapper(script: string): string {
  return `#!/bin/sh
exec ${LOCAL_CLIENT_PATH}/embedded/bin/ruby ${LOCAL_CLIENT_PATH}/embedded/gems/gems/${script} "$@"
`;
}

/**
 * Runs before the program. Sets the load path to what activating every gem would give (computed once, at build time:
 * activation costs 0.3 s a start), points RubyGems at our folders, and uses the two caches that `PRECOMPILE` made:
 * compiled code, and where each feature is (instead of looking into 147 folders). The second is left aside as soon as
 * something is put before our load path. `chef_gem` installs into a writable folder, as the client is mounted
 * read-only.
 */
export const BOOT = `# frozen_string_literal: true
module GalleyBoot
  ROOT = '${LOCAL_CLIENT_PATH}/embedded'
  GEMS = "#{ROOT}/gems"
  WRITABLE_GEMS = '/var/lib/galley/chef-gems'
  ENV.delete_if { |name, _| name.start_with?('RUBY_GC_') || %w(GEM_HOME GEM_PATH RUBYLIB RUBYOPT).include?(name) }
  $LOAD_PATH.replace(File.read("#{ROOT}/load_path").split("\\n"))
  FIRST = $LOAD_PATH.first
  require 'rbconfig'
  RbConfig::CONFIG.update('bindir' => "#{ROOT}/bin", 'ruby_install_name' => 'ruby', 'RUBY_INSTALL_NAME' => 'ruby')
  if File.exist?("#{ROOT}/iseq.index")
    FEATURES, INDEX = Marshal.load(File.binread("#{ROOT}/iseq.index"))
    STORE = File.open("#{ROOT}/iseq.store", 'rb')
    class << RubyVM::InstructionSequence
      def load_iseq(path)
        found = INDEX[path] or return
        load_from_binary(STORE.pread(found[1], found[0]))
      rescue StandardError
        nil
      end
    end
  end
end
require 'rubygems'
module Gem
  class << self
    def default_dir = GalleyBoot::WRITABLE_GEMS
    def default_path = [GalleyBoot::WRITABLE_GEMS, GalleyBoot::GEMS]
    def default_specifications_dir = "#{GalleyBoot::GEMS}/specifications/default"
    def default_bindir = '/usr/local/bin'
    def ruby = "#{GalleyBoot::ROOT}/bin/ruby"
  end
end
Gem.clear_paths
if GalleyBoot.const_defined?(:FEATURES)
  module Kernel
    alias_method :galley_require, :require
    def require(feature)
      known = GalleyBoot::FEATURES[feature] if $LOAD_PATH.first.equal?(GalleyBoot::FIRST)
      known ? gem_original_require(known) : galley_require(feature)
    end
    private :require, :galley_require
  end
end
require 'did_you_mean'
`;

/**
 * Run once in the image while it is built: compiles the Ruby files to instruction sequences and notes where each
 * feature is. The image is immutable, so nothing needs to be compared with its source later. A feature that exists
 * both as Ruby and as native code in different folders is left to Ruby's own search.
 */
export const PRECOMPILE = `root = '${LOCAL_CLIENT_PATH}/embedded'
skip = %r{/(rubocop|rubocop-ast|cookstyle|parser|prism|language_server-protocol|aws-[^/]+|rspec[^/]*|pry|unicode_utils)-\\d[^/]*/|/rubylib/[^/]+/(bundler|rdoc|irb|rubygems/commands)/}
index = {}
File.open("#{root}/iseq.store", 'wb') do |store|
  Dir["#{root}/{gems/gems/*/lib,rubylib}/**/*.rb"].sort.each do |path|
    next if path.match?(skip)
    binary = begin
      RubyVM::InstructionSequence.compile_file(path).to_binary
    rescue SyntaxError, StandardError
      next
    end
    index[path] = [store.pos, binary.bytesize]
    store.write(binary)
  end
end
paths = index.keys.to_h { |path| [path, path] }
features = {}
doubtful = []
File.read("#{root}/load_path").split("\\n").each do |folder|
  Dir.glob('**/*.{rb,so}', base: folder) do |file|
    path = File.join(folder, file)
    next if path.match?(skip)
    feature = file.sub(/\\.(rb|so)\\z/, '')
    known = features[feature]
    doubtful << feature if known && File.extname(known) != File.extname(path)
    features[feature] ||= paths.fetch(path, path)
  end
end
doubtful.each { |feature| features.delete(feature) }
File.binwrite("#{root}/iseq.index", Marshal.dump([features, index]))
`;
