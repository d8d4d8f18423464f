package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticksPerSecond is USER_HZ, which Linux has fixed for programs.
const ticksPerSecond = 100

// processorTime is what a process has used so far, from proc(5).
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	const user, system = 11, 12
	var ticks int64
	for _, i := range []int{user, system} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}

// memory returns what a process has in memory now and has had at most, in bytes.
func memory(pid int) (resident, peak int64, err error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0, err
	}
	if resident, err = kilobytes(string(status), "VmRSS:"); err != nil {
		return 0, 0, err
	}
	peak, err = kilobytes(string(status), "VmHWM:")
	return resident, peak, err
}

func kilobytes(status, name string) (int64, error) {
	_, rest, _ := strings.Cut(status, "\n"+name)
	fields := strings.Fields(rest)
	if len(fields) < 2 || fields[1] != "kB" {
		return 0, fmt.Errorf("%s is not in proc(5)", name)
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	return n << 10, err
}
