import { stringify } from "yaml";
import { timeouts } from "../../traffic/timeouts";
import type { Runtime } from "../runtimes";

/** Arguments of `userData`. */
export interface UserDataArgs {
  readonly service: string;
  readonly region: string;
  readonly bucket: string;
  readonly runtime: Pick<Runtime, "amazonLinux" | "variables">;
  /** Key of the artifact, a zip with the server at its root. */
  readonly artifactKey: string;
  readonly logGroup: string;
  /** Environment variables of the service. */
  readonly variables: Readonly<Record<string, string>>;
}

/** EC2's limit of user data, before base64. */
const maxBytes = 16_384;

/**
 * Returns the cloud-config that turns a plain Amazon Linux 2023 instance into a server: packages from the
 * distribution's repositories (in S3, so no internet is needed), the artifact from S3, and a systemd unit that restarts
 * the service. It must not contain secrets, as every process of the instance can read user data.
 * @throws {RangeError} when it is longer than EC2's 16 KB, or the value of a variable needs more than one line
 * @see https://docs.aws.amazon.com/linux/al2023/ug/cloud-init.html
 */
export function userData(args: UserDataArgs): string {
  const directory = `/opt/platform/${args.service}`;
  const archive = `/opt/platform/${args.service}.zip`;
  const config = {
    package_update: false,
    packages: [args.runtime.amazonLinux.package, "amazon-cloudwatch-agent", "unzip", "logrotate"],
    write_files: [
      file(`/etc/platform/${args.service}.env`, variablesFile(args), "0640"),
      file(`/etc/systemd/system/${args.service}.service`, unit(args, directory)),
      file(`/etc/logrotate.d/${args.service}`, rotation(args.service)),
      file("/etc/systemd/system/logrotate.timer.d/often.conf", oftenTimer),
      file(agentConfigPath, agentConfig(args)),
    ],
    runcmd: [
      ["mkdir", "-p", directory, logDirectory],
      [
        "aws",
        "s3",
        "cp",
        `s3://${args.bucket}/${args.artifactKey}`,
        archive,
        "--region",
        args.region,
        "--only-show-errors",
      ],
      ["unzip", "-q", "-o", archive, "-d", directory],
      ["chmod", "-R", "a+rX", "/opt/platform"],
      ["systemctl", "daemon-reload"],
      ["systemctl", "restart", "logrotate.timer"],
      ["systemctl", "enable", "--now", `${args.service}.service`],
      [agentControl, "-a", "fetch-config", "-m", "ec2", "-s", "-c", `file:${agentConfigPath}`],
    ],
  };
  const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  throw new RangeError(
    `service "${args.service}": user data must be at most ${maxBytes} bytes, got ${bytes}; shorten its variables`,
  );
}

const logDirectory = "/var/log/platform";
const agentConfigPath = "/opt/aws/amazon-cloudwatch-agent/etc/platform.json";
const agentControl = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";

function file(path: string, content: string, permissions = "0644") {
  return { path, permissions, content };
}

function variablesFile({ service, variables }: UserDataArgs): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      // systemd reads quotes, backslashes and line ends in this file as syntax.
      if (/^[^"'\\\r\n#;]*$/.test(value)) return `${name}=${value}\n`;
      throw new RangeError(
        `service "${service}": ${name} must be one line without quotes, backslash, # and ;, got ${JSON.stringify(value)}; change its value`,
      );
    })
    .join("");
}

/**
 * Returns the systemd unit. It runs as a user that exists only while the server runs, in a file system it cannot write
 * to.
 */
function unit({ service, runtime }: UserDataArgs, directory: string): string {
  return `[Unit]
Description=${service}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/usr/bin/env ${runtime.amazonLinux.command}
WorkingDirectory=${directory}
EnvironmentFile=/etc/platform/${service}.env
Environment=${variablesLine(runtime.variables)}
Restart=always
RestartSec=1
KillSignal=SIGTERM
KillMode=mixed
TimeoutStopSec=${timeouts.stopSeconds}
StandardOutput=append:${logDirectory}/${service}.log
StandardError=append:${logDirectory}/${service}.log
DynamicUser=yes
LimitNOFILE=65536
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=
AmbientCapabilities=

[Install]
WantedBy=multi-user.target
`;
}

function variablesLine(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** Returns the log rotation. It copies the file and then empties it, as the server keeps the file open. */
function rotation(service: string): string {
  return `${logDirectory}/${service}.log {
  size 50M
  rotate 2
  copytruncate
  missingok
}
`;
}

/** Timer that rotates logs every ten minutes. With the default, once a day, a busy server could fill its disk. */
const oftenTimer = `[Timer]
OnCalendar=
OnCalendar=*:0/10
RandomizedDelaySec=0
`;

function agentConfig({ service, logGroup, region }: UserDataArgs): string {
  const source = {
    file_path: `${logDirectory}/${service}.log`,
    log_group_name: logGroup,
    log_stream_name: "{instance_id}",
  };
  const config = { agent: { region }, logs: { logs_collected: { files: { collect_list: [source] } } } };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
