/** Version of Chef Infra Client that the locally built client image contains. Chef 19 needs a licence key. */
export const LOCAL_CLIENT_VERSION = '18.8.54';

/**
 * Everything `gem install chef-bin:18.8.54` brought in November 2026, plus the gems that Debian ships outside the gem
 * home (minitest, rexml, racc, base64, …), plus ruby-shadow, without which `user` cannot be compared (the official
 * packages ship it). Pinned, so that the same client comes out on every machine.
 */
export const CLIENT_GEMS: readonly string[] = `
activesupport:7.1.5.2 addressable:2.9.2 ast:2.4.3 aws-eventstream:1.4.1 aws-partitions:1.1301.0
aws-sdk-core:3.264.0 aws-sdk-kms:1.139.0 aws-sdk-s3:1.238.0 aws-sdk-secretsmanager:1.141.0 aws-sigv4:1.12.1
base64:0.3.0 benchmark:0.5.0 bigdecimal:4.1.3 builder:3.3.0 chef:18.8.54 chef-bin:18.8.54 chef-config:18.8.54
chef-gyoku:1.4.5 chef-telemetry:1.1.1 chef-utils:18.8.54 chef-vault:4.2.12 chef-winrm:2.3.12
chef-winrm-elevated:1.2.5 chef-winrm-fs:1.3.7 chef-zero:15.1.11 coderay:1.1.3 concurrent-ruby:1.3.8
connection_pool:2.5.5 cookstyle:9.0.0 corefoundation:0.3.19 date:3.6.0 diff-lcs:1.5.1
domain_name:0.7.20261031 drb:2.2.3 erubi:1.13.1 erubis:2.7.0 faraday:2.15.1 faraday-follow_redirects:0.5.0
faraday-net_http:3.5.0 ffi:1.16.3 ffi-libarchive:1.1.14 ffi-yajl:2.7.11 fuzzyurl:0.9.0 gssapi:1.3.1
hashie:5.2.0 http-accept:1.7.0 http-cookie:1.1.6 httpclient:2.10.0 i18n:1.15.2 iniparse:1.5.0
inspec-core:5.24.24 io-console:0.9.5 ipaddress:0.8.3 jmespath:1.6.2 json:2.21.2
language_server-protocol:3.17.0.6 libyajl2:2.1.0 license-acceptance:2.1.13 lint_roller:1.1.0
little-plugger:1.1.4 logger:1.7.0 logging:2.4.0 method_source:1.1.0 mime-types:3.7.0
mime-types-data:3.2026.1027 minitest:5.27.0 mixlib-archive:1.3.6 mixlib-authentication:3.0.10
mixlib-cli:2.1.8 mixlib-config:3.0.27 mixlib-log:3.1.2.1 mixlib-shellout:3.4.10 multi_json:1.19.1
multipart-post:2.4.1 mutex_m:0.3.0 net-ftp:0.3.9 net-http:0.10.0 net-protocol:0.4.0 net-scp:4.2.1
net-sftp:4.1.1 net-ssh:7.3.8 netrc:0.11.0 nori:2.7.0 ohai:18.2.8 parallel:1.28.0 parser:3.3.13.0
parslet:2.0.0 pastel:0.8.0 plist:3.7.2 prism:1.9.0 proxifier2:1.1.0 pry:0.16.1 public_suffix:6.0.2 racc:1.8.1
rack:3.2.8 rackup:2.3.1 rainbow:3.1.1 regexp_parser:2.13.1 reline:0.7.0 rest-client:2.1.0 rexml:3.4.4
rspec:3.13.2 rspec-core:3.13.6 rspec-expectations:3.13.5 rspec-its:2.0.0 rspec-mocks:3.13.8
rspec-support:3.13.7 rubocop:1.90.0 rubocop-ast:1.50.0 ruby-progressbar:1.13.0 ruby-shadow:2.5.1 rubyntlm:0.6.8 rubyzip:2.4.1
securerandom:0.4.1 semverse:3.0.2 sslshake:1.3.1 strings:0.2.1 strings-ansi:0.2.0 syslog:0.4.0
syslog-logger:1.6.8 thor:1.4.0 time:0.5.0 timeout:0.6.1 tomlrb:1.3.0 train-core:3.16.5 train-rest:0.5.0
train-winrm:0.2.19 tty-box:0.7.0 tty-color:0.6.0 tty-cursor:0.7.1 tty-prompt:0.23.1 tty-reader:0.9.0
tty-screen:0.8.2 tty-table:0.12.0 tzinfo:2.0.6 unf_ext:0.0.8.2 unicode-display_width:2.6.0
unicode_utils:1.4.0 uri:1.0.4 uuidtools:2.2.0 vault:0.18.2 webrick:1.9.2 wisper:2.0.1 wmi-lite:1.0.7
`
  .trim()
  .split(/\s+/);
