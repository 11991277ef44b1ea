package cli

// The sandbox of the unit holds nothing that needs namespaces of its own: for services of a
// user systemd makes those with another user namespace, in which files of others seem to be
// nobody's, and whose a build cache is would be told wrongly.
const systemdUnit = `# godrift monitor, as a service of your own: ~/.config/systemd/user/godrift.service
#
#   systemctl --user daemon-reload
#   systemctl --user enable --now godrift
#   journalctl --user -u godrift -f       its log, and the address of its page: those who may read
#                                         the journal can open it, unless config.toml has a token-file
#   systemctl --user reload godrift       config.toml is read again
#   loginctl enable-linger                it also runs while you are not logged in
#
# Written by godrift {{version}}: godrift monitor unit --print systemd

[Unit]
Description=godrift monitor: which Go runs here, since when and why
After=default.target

[Service]
Type=exec
ExecStart={{program}}{{arguments}}
ExecReload=/bin/kill -HUP $MAINPID
# Which Go there is on PATH is what it is about; a service has another one than a shell.
Environment={{environment}}
Restart=on-failure
RestartSec=15
# 2 is a mistake in config.toml: it does not go away by itself.
RestartPreventExitStatus=2
TimeoutStopSec=20
KillMode=mixed
Nice=10
IOSchedulingClass=idle
MemoryHigh=512M
TasksMax=512
UMask=0077

# It reads workspaces, writes its own state, and starts compilers, the go command and your
# probes. A probe that needs other rights, as one with sudo does, needs them loosened.
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target
`

const launchAgent = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!--
  godrift monitor, as an agent of your own: ~/Library/LaunchAgents/dev.godrift.monitor.plist

    launchctl bootstrap gui/$UID ~/Library/LaunchAgents/dev.godrift.monitor.plist
    launchctl kill HUP gui/$UID/dev.godrift.monitor      config.toml is read again
    launchctl bootout gui/$UID/dev.godrift.monitor       it ends

  Its log, and the address of its page, are in ~/Library/Logs.
-->
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>dev.godrift.monitor</string>
	<key>ProgramArguments</key>
	<array>
		<string>{{program}}</string>{{arguments}}
	</array>
	<key>EnvironmentVariables</key>
	<dict>
		<key>PATH</key>
		<string>{{path}}</string>
	</dict>
	<key>WorkingDirectory</key>
	<string>{{home}}</string>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<dict>
		<key>SuccessfulExit</key>
		<false/>
	</dict>
	<key>ThrottleInterval</key>
	<integer>15</integer>
	<key>ExitTimeOut</key>
	<integer>20</integer>
	<key>ProcessType</key>
	<string>Background</string>
	<key>LowPriorityBackgroundIO</key>
	<true/>
	<key>Umask</key>
	<integer>63</integer>
	<key>StandardOutPath</key>
	<string>{{home}}/Library/Logs/godrift-monitor.log</string>
	<key>StandardErrorPath</key>
	<string>{{home}}/Library/Logs/godrift-monitor.log</string>
</dict>
</plist>
`

// The monitor looks at the environment that it is in: so it belongs into the image that
// builds are made in.
const containerfile = `# godrift monitor in the image that you build in: its Go and its environment are what is
# watched. Put the godrift program for Linux beside this file, then:
#
#   podman build -t godrift-monitor --build-arg BASE=docker.io/library/golang:1.26 .
#   podman run -d --name godrift -p 127.0.0.1:9494:9494 \
#     -v ~/src/app:/work:ro -v godrift-state:/var/lib/godrift \
#     --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges godrift-monitor
#   podman logs godrift          its log, and the address of its page
#
# Inside it listens at all addresses, which without TLS takes --insecure-listen: publish the
# port at 127.0.0.1 alone, as above, or give it tls-cert and tls-key in config.toml.
#
# Written by godrift {{version}}: godrift monitor unit --print container
ARG BASE=docker.io/library/golang:1.26
FROM ${BASE}

COPY --chmod=0755 godrift /usr/local/bin/godrift
RUN mkdir -p /var/lib/godrift && chown 10494:10494 /var/lib/godrift
USER 10494:10494

# config.toml, if there is one: /var/lib/godrift/.config/godrift/config.toml
ENV HOME=/var/lib/godrift
VOLUME /var/lib/godrift
WORKDIR /
EXPOSE 9494
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["godrift", "monitor", "status"]
ENTRYPOINT ["godrift", "monitor", "--listen", "0.0.0.0:9494", "--insecure-listen", "--log-format", "json"]
CMD [{{arguments}}]
`
