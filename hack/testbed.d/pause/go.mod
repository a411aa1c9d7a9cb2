module xo-tailnet-operator/testbed/pause

go 1.26.0
