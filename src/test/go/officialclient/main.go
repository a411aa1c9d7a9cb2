// Officialclient drives a server that speaks the Tailscale API v2 through Tailscale's own Go client, so that a test can
// compare what that client makes of the answers with what ours makes of them.
//
//	officialclient URL < calls.json > results.json
//
// Standard input is a JSON array of calls, {"call": "devices.setTags", "id": "n1CNTRL", "tags": ["tag:web"]}; standard
// output is a JSON array of as many results, each {"call": ..., "result": ...} or {"call": ..., "error": ...}. Results are
// the client's own types. Credentials come from the environment: TS_API_KEY; or TS_CLIENT_ID with TS_CLIENT_SECRET (OAuth)
// or with TS_ID_TOKEN (workload identity federation).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	tailscale "tailscale.com/client/tailscale/v2"
)

// args are all arguments of all calls; each call takes those that it knows.
type args struct {
	Call string `json:"call"`
	ID   string `json:"id"`

	Fields            string              `json:"fields"`
	Filters           map[string][]string `json:"filters"`
	Authorized        bool                `json:"authorized"`
	Name              string              `json:"name"`
	Tags              []string            `json:"tags"`
	KeyExpiryDisabled bool                `json:"keyExpiryDisabled"`
	IPv4              string              `json:"ipv4"`
	Routes            []string            `json:"routes"`
	Attribute         string              `json:"attribute"`
	Value             any                 `json:"value"`

	Description   string            `json:"description"`
	ExpirySeconds int64             `json:"expirySeconds"`
	Ephemeral     bool              `json:"ephemeral"`
	Preauthorized bool              `json:"preauthorized"`
	Reusable      bool              `json:"reusable"`
	All           bool              `json:"all"`
	Scopes        []string          `json:"scopes"`
	Issuer        string            `json:"issuer"`
	Subject       string            `json:"subject"`
	Audience      string            `json:"audience"`
	ClaimRules    map[string]string `json:"claimRules"`

	HuJSON string `json:"hujson"`
	ETag   string `json:"etag"`

	DNS           []string                               `json:"dns"`
	MagicDNS      bool                                   `json:"magicDNS"`
	SearchPaths   []string                               `json:"searchPaths"`
	SplitDNS      tailscale.SplitDNSRequest              `json:"splitDNS"`
	Configuration tailscale.DNSConfiguration             `json:"configuration"`
	Settings      tailscale.UpdateTailnetSettingsRequest `json:"settings"`
	Ports         []string                               `json:"ports"`
	URL           string                                 `json:"url"`
	Subscriptions []tailscale.WebhookSubscriptionType    `json:"subscriptions"`
}

// failure is what the client says of a call that did not succeed.
type failure struct {
	// Status is 0 where the client keeps none: it does so only for errors in the API's own form.
	Status   int    `json:"status"`
	Message  string `json:"message"`
	NotFound bool   `json:"notFound"`
}

type outcome struct {
	Call   string   `json:"call"`
	Result any      `json:"result,omitempty"`
	Error  *failure `json:"error,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "officialclient:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: officialclient URL < calls.json > results.json")
	}
	client, err := connect(os.Args[1])
	if err != nil {
		return err
	}
	var calls []args
	decoder := json.NewDecoder(os.Stdin)
	// A misspelt argument would make the comparison prove less than it seems to.
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&calls); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	outcomes := make([]outcome, 0, len(calls))
	for _, call := range calls {
		perform, known := operations[call.Call]
		if !known {
			return fmt.Errorf("no such call: %q", call.Call)
		}
		result, err := perform(ctx, client, call)
		outcomes = append(outcomes, report(call.Call, result, err))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(outcomes)
}

func report(call string, result any, err error) outcome {
	if err == nil {
		return outcome{Call: call, Result: result}
	}
	failed := failure{Message: err.Error(), NotFound: tailscale.IsNotFound(err)}
	var apiErr tailscale.APIError
	if errors.As(err, &apiErr) {
		failed.Status = apiErr.Status
		failed.Message = apiErr.Message
	}
	return outcome{Call: call, Error: &failed}
}

func connect(base string) (*tailscale.Client, error) {
	baseURL, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	client := &tailscale.Client{BaseURL: baseURL, Tailnet: "-"}
	id, secret, token := os.Getenv("TS_CLIENT_ID"), os.Getenv("TS_CLIENT_SECRET"), os.Getenv("TS_ID_TOKEN")
	switch {
	case os.Getenv("TS_API_KEY") != "":
		client.APIKey = os.Getenv("TS_API_KEY")
	case id != "" && secret != "":
		client.Auth = &tailscale.OAuth{ClientID: id, ClientSecret: secret}
	case id != "" && token != "":
		client.Auth = &tailscale.IdentityFederation{
			ClientID:    id,
			IDTokenFunc: func() (string, error) { return token, nil },
		}
	default:
		return nil, errors.New("no credentials in the environment: see the comment in main.go")
	}
	return client, nil
}
