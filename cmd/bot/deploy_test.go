package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"onrecord/adapters/slack/slackfake"
)

const deploy = "../../deploy/"

// settings are the environment variables that the program reads.
func settings() []string {
	var names []string
	for _, s := range options(reflect.ValueOf(config{})) {
		names = append(names, s.tag.Get("env"))
		if _, secret := s.tag.Lookup("secret"); secret {
			names = append(names, s.tag.Get("env")+"_FILE")
		}
	}
	return names
}

func readDeployed(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every series, label and outcome that the dashboard asks for is one that a
// running bot has.
func TestDashboardShowsWhatThereIs(t *testing.T) {
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	bot := serving(t, press(t), both(slackSettings(workspace), map[string]string{"ONRECORD_API_TOKENS": apiToken()}))
	bot.ready(t.Context())
	if code, _, err := asks(t.Context(), http.DefaultClient, bot.address, "check", `{"claim": "The mayor sold the harbour"}`); err != nil || code == 0 {
		t.Fatal(code, err)
	}
	resp, err := http.Get("http://" + bot.address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	metrics, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	labels := map[string]bool{"instance": true} // Prometheus adds it
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+)(?:\{(.*)\})? \S+$`).FindAllStringSubmatch(string(metrics), -1) {
		has[m[1]] = true
		for _, l := range regexp.MustCompile(`([a-z]+)="`).FindAllStringSubmatch(m[2], -1) {
			labels[l[1]] = true
		}
	}
	if !strings.Contains(string(metrics), `onrecord_platform_ready{platform="slack"} 1`) || !strings.Contains(string(metrics), `platform="api",command="check"`) {
		t.Errorf("the metrics are:\n%s", metrics)
	}

	var board struct {
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(readDeployed(t, deploy+"grafana/onrecord.json"), &board); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for i, p := range board.Panels {
		if p.ID != i+1 || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("a panel %+v", p)
		}
		for _, target := range p.Targets {
			names := regexp.MustCompile(`\b(?:onrecord|process|go)_[a-z_]+`).FindAllString(target.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%s asks for nothing of ours: %s", p.Title, target.Expr)
			}
			for _, name := range names {
				shown[name] = true
				if !has[name] {
					t.Errorf("%s asks for %s, which a bot does not have", p.Title, name)
				}
			}
			var used []string
			for _, m := range regexp.MustCompile(`by \(([^)]*)\)`).FindAllStringSubmatch(target.Expr, -1) {
				used = append(used, strings.Split(m[1], ", ")...)
			}
			for _, m := range regexp.MustCompile(`\{\{([a-z]+)\}\}|([a-z]+)=`).FindAllStringSubmatch(target.Expr+target.LegendFormat, -1) {
				used = append(used, m[1]+m[2])
			}
			for _, l := range used {
				if !labels[l] {
					t.Errorf("%s uses the label %s, which no series has", p.Title, l)
				}
			}
		}
	}
	for name := range has {
		if strings.HasPrefix(name, "onrecord_") && !shown[name] {
			t.Errorf("%s is on no panel", name)
		}
	}
	bot.stop()
}

// The unit has the keys of systemd only, starts the bot, and names its settings.
func TestUnit(t *testing.T) {
	known := map[string]string{
		"Unit": "Description Documentation After Wants StartLimitIntervalSec StartLimitBurst",
		"Service": "ExecStart EnvironmentFile Environment DynamicUser StateDirectory StateDirectoryMode CacheDirectory Restart RestartSec TimeoutStopSec MemoryMax TasksMax " +
			"NoNewPrivileges CapabilityBoundingSet AmbientCapabilities ProtectSystem ProtectHome ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs " +
			"ProtectKernelModules ProtectKernelTunables ProtectProc ProcSubset PrivateDevices PrivateTmp PrivateUsers RestrictAddressFamilies RestrictNamespaces " +
			"RestrictRealtime RestrictSUIDSGID LockPersonality RemoveIPC SystemCallArchitectures SystemCallFilter SystemCallErrorNumber UMask",
		"Install": "WantedBy",
	}
	section := ""
	unit := map[string]string{}
	for line := range strings.SplitSeq(string(readDeployed(t, deploy+"onrecord.service")), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || !slices.Contains(strings.Fields(known[section]), key) {
			t.Errorf("no line of [%s]: %s", section, line)
		}
		if _, twice := unit[key]; twice && key != "Environment" {
			t.Errorf("%s stands there twice", key)
		}
		unit[key] = value
		if name, _, ok := strings.Cut(value, "="); key == "Environment" && (!ok || !slices.Contains(settings(), name)) {
			t.Errorf("%s is no setting", name)
		}
	}
	for key, want := range map[string]string{
		"ExecStart": "/usr/local/bin/onrecord serve", "DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes",
		"Restart": "on-failure", "WantedBy": "multi-user.target", "StateDirectory": "onrecord", "CapabilityBoundingSet": "",
	} {
		if got, ok := unit[key]; !ok || got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

// Compose files name services, volumes, networks and files that there are, and
// settings that the program has.
func TestComposeFiles(t *testing.T) {
	for file, services := range map[string][]string{
		"../../compose.yaml": {"bot", "redis"}, deploy + "compose.yaml": {"bot", "redis", "postgres", "prometheus", "grafana"},
	} {
		var c struct {
			Services map[string]struct {
				Image       string
				Build       string
				Environment map[string]string
				Ports       []string
				Volumes     []string
				Networks    []string
				DependsOn   map[string]any `yaml:"depends_on"`
				Healthcheck map[string]any
			}
			Volumes, Networks map[string]any
		}
		if err := yaml.Unmarshal(readDeployed(t, file), &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, name := range services {
			if _, ok := c.Services[name]; !ok {
				t.Errorf("%s has no service %s", file, name)
			}
		}
		for name, s := range c.Services {
			if s.Image == "" {
				t.Errorf("%s: %s has no image", file, name)
			}
			for on := range s.DependsOn {
				if other, ok := c.Services[on]; !ok || len(other.Healthcheck) == 0 {
					t.Errorf("%s: %s waits for %s, which has no health", file, name, on)
				}
			}
			for _, n := range s.Networks {
				if _, ok := c.Networks[n]; !ok {
					t.Errorf("%s: no network %s", file, n)
				}
			}
			for _, p := range s.Ports {
				if !strings.HasPrefix(p, "127.0.0.1:") {
					t.Errorf("%s: %s is open to everybody: %s", file, name, p)
				}
			}
			for _, v := range s.Volumes {
				from, _, _ := strings.Cut(v, ":")
				if strings.HasPrefix(from, ".") {
					if _, err := os.Stat(filepath.Join(filepath.Dir(file), from)); err != nil {
						t.Errorf("%s: %v", file, err)
					}
				} else if _, ok := c.Volumes[from]; !ok {
					t.Errorf("%s: no volume %s", file, from)
				}
			}
			if name != "bot" {
				continue
			}
			for env := range s.Environment {
				if !slices.Contains(settings(), env) {
					t.Errorf("%s: %s is no setting", file, env)
				}
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), s.Build, "Dockerfile")); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	for _, name := range []string{"prometheus.yaml", "grafana/source.yaml", "grafana/folder.yaml"} {
		var any map[string]any
		if err := yaml.Unmarshal(readDeployed(t, deploy+name), &any); err != nil || len(any) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The release script refuses what is no version, and one that the program does
// not have.
func TestReleaseScriptRefuses(t *testing.T) {
	if out, err := exec.Command("bash", "-n", deploy+"release.sh").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for want, args := range map[string][]string{"name the version": nil, "is like v1.2.0": {"latest"}, "says another version": {"v99.0.0"}} {
		out, err := exec.Command("bash", append([]string{deploy + "release.sh"}, args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
}
