//go:build unix

package storetest

import (
	"os"
	"os/exec"
	"syscall"
)

// nobody is whom the server runs as when the test is root's, as which it does
// not run.
const nobody = 65534

func give(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return os.Chown(dir, nobody, nobody)
}

func asOther(cmd *exec.Cmd) {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
}
