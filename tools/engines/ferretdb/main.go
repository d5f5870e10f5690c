// FerretDB with its SQLite backend, for tests and laptops: `ferretdb --listen 127.0.0.1:27018 --data /folder`.
// Its own command can only be built from its repository (it wants a generated version.txt); this is its embeddable
// package, whose telemetry is never started. It ends by SIGTERM or SIGINT, after closing its databases.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:27018", "host and port; port 0 takes a free one")
	data := flag.String("data", "", "folder of the SQLite files, made where it is absent")
	options := flag.String("options", "", "SQLite URI options, as _pragma=synchronous(normal)")
	flag.Parse()
	if *data == "" {
		fail("--data names no folder")
	}
	if err := os.MkdirAll(*data, 0o700); err != nil {
		fail(err.Error())
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	url := "file:" + strings.TrimRight(*data, "/") + "/"
	if *options != "" {
		url += "?" + *options
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: *listen},
		Handler:   "sqlite",
		SQLiteURL: url,
	})
	if err != nil {
		fail(err.Error())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() { fmt.Println("listening on " + server.MongoDBURI()) }()
	if err := server.Run(ctx); err != nil {
		fail(err.Error())
	}
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "ferretdb: "+reason)
	os.Exit(1)
}
