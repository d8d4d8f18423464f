package acceptance

import (
	"os"
	"strings"
	"testing"
)

// The unit that operators are given takes from the service what it does not need.
func TestTheUnitIsConfined(t *testing.T) {
	t.Parallel()
	unit, err := os.ReadFile("../../../docs/gatehouse.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"User=gatehouse", "RemoveIPC=yes", "EnvironmentFile=/etc/gatehouse/environment", "UMask=0077", "StateDirectoryMode=0700", "RuntimeDirectory=gatehouse", "RuntimeDirectoryMode=0750", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "AmbientCapabilities=",
		"ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
		"MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources",
		"LoadCredential=secret-key:/etc/gatehouse/secret-key", "ExecReload=/bin/kill -HUP $MAINPID",
	} {
		if !strings.Contains("\n"+string(unit), "\n"+want+"\n") {
			t.Errorf("the unit does not say %s", want)
		}
	}
}
