{{/* Prefix of every object's name. */}}
{{- define "rapport.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The services of docs/configuration.md, in its order. */}}
{{- define "rapport.services" -}}
gateway profiles interactions tickets risk satisfaction imports ledger projector
{{- end -}}

{{/* dict "root" $ "service" NAME */}}
{{- define "rapport.image" -}}
{{- $own := index .root.Values.services .service -}}
{{ .root.Values.image.repository }}:{{ coalesce $own.tag .root.Values.image.tag .root.Chart.AppVersion }}
{{- end -}}

{{/* Labels that select: dict "root" $ "component" NAME */}}
{{- define "rapport.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "rapport.labels" -}}
{{ include "rapport.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "rapport.natsUrls" -}}
{{- if .Values.nats.bundled -}}
nats://{{ include "rapport.fullname" . }}-nats:4222
{{- else -}}
{{ join "," .Values.nats.urls }}
{{- end -}}
{{- end -}}

{{/* Proxies before the gateway: as it is set, else the chart's own ingress where there is one. */}}
{{- define "rapport.proxies" -}}
{{- if kindIs "string" .Values.gateway.proxies -}}
{{ ternary 1 0 .Values.ingress.enabled }}
{{- else -}}
{{ .Values.gateway.proxies }}
{{- end -}}
{{- end -}}

{{/* Host name of the one member of the bundled replica set. */}}
{{- define "rapport.mongodbHost" -}}
{{- $mongodb := printf "%s-mongodb" (include "rapport.fullname" .) -}}
{{ $mongodb }}-0.{{ $mongodb }}.{{ .Release.Namespace }}.svc:27017
{{- end -}}

{{/* Seconds between SIGTERM and SIGKILL: longer than Rapport needs by itself. */}}
{{- define "rapport.graceSeconds" -}}
{{ add 10 (div (add (int .Values.shutdownGraceMs) 999) 1000) }}
{{- end -}}

{{/* Which files of the Secret a service is given: dict "root" $ "service" NAME; YAML list of {key, path}. */}}
{{- define "rapport.secretItems" -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
{{- $asserting := list "gateway" "profiles" "interactions" "tickets" "risk" "satisfaction" "imports" -}}
- { key: {{ $service }}.password, path: nats.password }
{{- if $values.nats.caKey }}
- { key: {{ $values.nats.caKey }}, path: nats-ca.pem }
{{- end }}
{{- if $values.caKey }}
- { key: {{ $values.caKey }}, path: ca.pem }
{{- end }}
{{- if has $service $asserting }}
- { key: {{ $service }}.jwk, path: assertion.jwk }
{{- end }}
{{- if eq $service "gateway" }}
- { key: actor.key, path: actor.key }
{{- else }}
- { key: master.key, path: master.key }
{{- if not $values.mongodb.bundled }}
- { key: {{ $values.mongodb.keysUrlKey }}, path: keys.url }
{{- end }}
{{- end }}
{{- if eq $service "ledger" }}
- { key: keys.jwks, path: keys.jwks }
- { key: relay.password, path: relay.password }
{{- if not $values.eventStore.bundled }}
- { key: {{ $values.eventStore.urlKey }}, path: event-store.url }
{{- end }}
{{- end }}
{{- if and (eq $service "projector") (not $values.mongodb.bundled) }}
- { key: {{ $values.mongodb.viewsUrlKey }}, path: views.url }
{{- end }}
{{- end -}}

{{/* The environment that only this service has: dict "root" $ "service" NAME */}}
{{- define "rapport.env" -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
{{- $fullname := include "rapport.fullname" .root -}}
{{- $secrets := "/etc/rapport/secrets" -}}
{{- $asserting := list "gateway" "profiles" "interactions" "tickets" "risk" "satisfaction" "imports" -}}
- { name: RAPPORT_NATS_USER, value: {{ $service }} }
- { name: RAPPORT_NATS_PASSWORD_FILE, value: {{ $secrets }}/nats.password }
{{- if $values.nats.caKey }}
- { name: RAPPORT_NATS_CA_FILE, value: {{ $secrets }}/nats-ca.pem }
{{- end }}
{{- if $values.caKey }}
- { name: NODE_EXTRA_CA_CERTS, value: {{ $secrets }}/ca.pem }
{{- end }}
{{- if has $service $asserting }}
- { name: RAPPORT_ASSERTION_KEY_FILE, value: {{ $secrets }}/assertion.jwk }
{{- end }}
{{- if eq $service "gateway" }}
- { name: RAPPORT_ACTOR_SECRET_FILE, value: {{ $secrets }}/actor.key }
- { name: RAPPORT_RATE_LIMIT, value: {{ int64 $values.gateway.rateLimit | quote }} }
- { name: RAPPORT_PROXIES, value: {{ include "rapport.proxies" .root | quote }} }
{{- else }}
- { name: RAPPORT_MASTER_KEY_FILE, value: {{ $secrets }}/master.key }
{{- if $values.mongodb.bundled }}
- { name: RAPPORT_KEYS, value: 'mongodb://{{ include "rapport.mongodbHost" .root }}/rapport_keys?replicaSet=rs0' }
{{- else }}
- { name: RAPPORT_KEYS_FILE, value: {{ $secrets }}/keys.url }
{{- end }}
{{- end }}
{{- if eq $service "ledger" }}
- { name: RAPPORT_ASSERTION_KEYS_FILE, value: {{ $secrets }}/keys.jwks }
- { name: RAPPORT_FACTS_USER, value: relay }
- { name: RAPPORT_FACTS_PASSWORD_FILE, value: {{ $secrets }}/relay.password }
{{- if $values.eventStore.bundled }}
- { name: RAPPORT_EVENT_STORE, value: 'esdb://{{ $fullname }}-kurrentdb:2113?tls=false' }
{{- else }}
- { name: RAPPORT_EVENT_STORE_FILE, value: {{ $secrets }}/event-store.url }
{{- end }}
{{- end }}
{{- if eq $service "projector" }}
{{- if $values.mongodb.bundled }}
- { name: RAPPORT_VIEWS, value: 'mongodb://{{ include "rapport.mongodbHost" .root }}/rapport_views?replicaSet=rs0' }
{{- else }}
- { name: RAPPORT_VIEWS_FILE, value: {{ $secrets }}/views.url }
{{- end }}
{{- end }}
{{- end -}}

{{/* Of every container. */}}
{{- define "rapport.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Of every pod: the number of its user and group. */}}
{{- define "rapport.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* Of every pod: where it may run, and who may pull its images. */}}
{{- define "rapport.placing" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
