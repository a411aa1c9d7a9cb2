// Command etcd is etcd's own server, built from its published module: the
// repository's main package cannot be installed by version because it uses
// replace directives.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
