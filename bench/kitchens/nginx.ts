import type { BenchKitchen } from './kitchen.ts';

const PLATFORMS = ['debian-11', 'debian-12', 'debian-13'];
const CHECK = 'curl -fsS http://localhost/';

/** The simple cookbook: apt_update, nginx-light, a page, the service; one check. */
export const nginx: BenchKitchen = {
  name: 'nginx',
  folders: ['fixtures/kitchens/nginx/cookbooks'],
  platforms: PLATFORMS,
  instances: PLATFORMS.map((platform) => `default-${platform}`),
  main: 'default-debian-12',
  forGalley: () => ({
    driver: { name: 'docker', init: 'systemd' },
    provisioner: { name: 'chef_infra' },
    platforms: PLATFORMS.map((name) => ({ name })),
    suites: [
      {
        name: 'default',
        run_list: ['recipe[web]'],
        verifier: { checks: [{ command: CHECK, exit: 0 }] },
      },
    ],
  }),
  forPeer: ({ platformImages, client }) => ({
    driver: {
      name: 'dokken',
      privileged: false,
      cap_add: ['ALL'],
      cap_drop: ['SYS_RESOURCE'],
      security_opt: ['seccomp=unconfined'],
      volumes: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'],
      pid_one_command: '/lib/systemd/systemd',
      pull_platform_image: false,
      pull_chef_image: false,
      chef_image: client.repository,
      chef_version: client.tag,
    },
    transport: { name: 'dokken' },
    provisioner: { name: 'dokken', product_name: client.product, chef_license: 'accept-no-persist' },
    // Through the transport, as Galley's check: a `docker exec` of its own would cost the peer another process.
    verifier: { name: 'shell', command: CHECK, remote_exec: true },
    platforms: PLATFORMS.map((name) => ({ name, driver: { image: platformImages[name] } })),
    suites: [{ name: 'default', run_list: ['recipe[web]'] }],
  }),
};
