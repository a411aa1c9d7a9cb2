{{- define "xo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "xo.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "xo.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "xo.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "xo.selector" -}}
app.kubernetes.io/name: {{ include "xo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "xo.labels" -}}
{{ include "xo.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "xo.account" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "xo.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* A name that nobody owns yet must not be pulled: whoever came to own it would get the operator's rights and the runners' SSH keys. */}}
{{- define "xo.image" -}}
{{- $repository := required "image.repository is not set. No image of the operator is published. Build the image, push it to your registry, and set image.repository to its name there: docs/how-to/install-with-helm.md." .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "xo.runnerImage" -}}
{{- required "runner.image is not set. No image of the runner is published. Build the image, push it to your registry, and set runner.image to its name there: docs/how-to/install-with-helm.md." .Values.runner.image -}}
{{- end -}}

{{/* Binds a policy: in the namespaces that this release serves, so that releases side by side do not judge for each other, or wherever its account acts. */}}
{{- define "xo.binding" }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ include "xo.fullname" .root }}-{{ .name }}
  labels: {{- include "xo.labels" .root | nindent 4 }}
spec:
  policyName: {{ include "xo.fullname" .root }}-{{ .name }}
  validationActions: [Deny]
  {{- if and .served .root.Values.watchNamespaces }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: In, values: {{ .root.Values.watchNamespaces | toJson }}}
  {{- end }}
{{- end -}}

{{/* The plurals of all kinds, as a JSON array: those of the CRDs that come with the chart. */}}
{{- define "xo.kinds" -}}
{{- $kinds := list -}}
{{- range $file, $_ := .Files.Glob "files/crds/*.yaml" -}}
{{- $kinds = append $kinds (base $file | splitList "." | first) -}}
{{- end -}}
{{- if not $kinds -}}
{{- fail "files/crds holds no CRDs. It is a symbolic link to the repository's crds/: check out with symbolic links, or use the packaged chart" -}}
{{- end -}}
{{- $kinds | sortAlpha | toJson -}}
{{- end -}}
