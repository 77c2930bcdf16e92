// A Redpanda Connect with the components that need no outside service: those of the pure and io
// sets, which is where `subprocess` is. The full program reads the same enrich.yaml.
package main

import (
	"context"

	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
)

func main() {
	service.RunCLI(context.Background())
}
