import { APT, NO_SERVICES, TIDY } from './apt-lines.ts';

/** The local EC2 endpoint's API (fixtures/ec2), as the image `motoserver/moto` has it. */
export const moto = {
  name: 'moto',
  title: 'moto, an emulator of AWS APIs, on Debian 13',
  base: { recipe: 'debian-13-base' },
  files: {},
  dockerfile: `FROM base
ENV MOTO_PORT=5000 PYTHONUNBUFFERED=1
RUN apt-get update \\
 && ${APT} install -y --no-install-recommends python3-moto python3-flask python3-flask-cors \\
 && ${TIDY}
EXPOSE 5000
ENTRYPOINT ["moto_server", "-H", "0.0.0.0"]
`,
};

/**
 * What a machine of the local EC2 endpoint runs on: the systemd image with sshd, which has no host keys yet and starts
 * when the endpoint's boot unit has made them.
 */
export function debianSsh(release: string) {
  return {
    name: `debian-${release}-ssh`,
    title: `Debian ${release} with systemd and sshd`,
    base: { recipe: `debian-${release}` },
    files: {},
    dockerfile: `FROM base
RUN ${NO_SERVICES} && apt-get update \\
 && ${APT} install -y --no-install-recommends openssh-server \\
 && ${TIDY} && rm /usr/sbin/policy-rc.d && rm -f /etc/ssh/ssh_host_* \\
 && systemctl enable ssh.service
`,
  };
}
