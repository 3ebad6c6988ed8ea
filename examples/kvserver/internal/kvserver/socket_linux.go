package kvserver

import (
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// listenTCP opens a socket whose port other sockets may share. Connections
// inherit its options: answers are sent at once.
func listenTCP(addr *net.TCPAddr) (fd, port int, err error) {
	family, to := sockaddr(addr)
	fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, 0, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			closeSocket(fd)
			fd = -1
		}
	}()
	for _, o := range [][2]int{
		{unix.SOL_SOCKET, unix.SO_REUSEADDR}, {unix.SOL_SOCKET, unix.SO_REUSEPORT}, {unix.IPPROTO_TCP, unix.TCP_NODELAY},
	} {
		if err := unix.SetsockoptInt(fd, o[0], o[1], 1); err != nil {
			return fd, 0, os.NewSyscallError("setsockopt", err)
		}
	}
	if err := unix.Bind(fd, to); err != nil {
		return fd, 0, os.NewSyscallError("bind", err)
	}
	if err := unix.Listen(fd, backlog); err != nil {
		return fd, 0, os.NewSyscallError("listen", err)
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return fd, 0, os.NewSyscallError("getsockname", err)
	}
	switch a := bound.(type) {
	case *unix.SockaddrInet4:
		port = a.Port
	case *unix.SockaddrInet6:
		port = a.Port
	}
	return fd, port, nil
}

// backlog is how many connections may wait to be accepted.
const backlog = 4096

func sockaddr(addr *net.TCPAddr) (family int, to unix.Sockaddr) {
	if ip := addr.IP.To4(); ip != nil {
		return unix.AF_INET, &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(ip)}
	}
	to6 := &unix.SockaddrInet6{Port: addr.Port}
	copy(to6.Addr[:], addr.IP.To16()) // none: all addresses, of version 4 too
	return unix.AF_INET6, to6
}

func closeSocket(fd int) {
	if fd >= 0 {
		_ = unix.Close(fd)
	}
}

// readSocket and writeSocket are for non-blocking sockets. So they make the
// system call without notifying the scheduler, which then does not take the
// executor's slot away during the call.
func readSocket(fd int, into []byte) (int, error) { return transfer(unix.SYS_READ, fd, into) }

func writeSocket(fd int, out []byte) (int, error) { return transfer(unix.SYS_WRITE, fd, out) }

// transfer moves bytes, of which there must be some.
func transfer(call uintptr, fd int, buf []byte) (int, error) {
	n, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
