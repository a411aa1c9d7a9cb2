# One certificate authority per testbed and one server certificate for everything on the loopback address. Sourced, never run.
# shellcheck shell=bash

make_certificates() {
  local dir=$STATE/certs
  [ ! -f "$dir/server.crt" ] || return 0
  {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=xo-tailnet testbed CA" \
      -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$dir/ca.key" -out "$dir/ca.crt"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=127.0.0.1" -keyout "$dir/server.key" -out "$dir/server.csr"
    openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -set_serial 2 -days 30 -out "$dir/server.crt.part" \
      -extfile <(printf '%s\n' "subjectAltName=IP:127.0.0.1,IP:$NODE_ADDRESS,IP:$API_SERVICE_ADDRESS,DNS:localhost,DNS:kubernetes.default.svc" "extendedKeyUsage=serverAuth" "basicConstraints=CA:FALSE")
    openssl ecparam -name prime256v1 -genkey -noout -out "$dir/service-accounts.key"
  } >"$STATE/logs/certs.log" 2>&1 || die "openssl failed: see $STATE/logs/certs.log"
  mv "$dir/server.crt.part" "$dir/server.crt"
}
