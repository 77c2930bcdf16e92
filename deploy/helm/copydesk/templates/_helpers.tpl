{{- define "copydesk.name" -}}
{{- if contains "copydesk" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-copydesk" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- define "copydesk.selector" -}}
app.kubernetes.io/name: copydesk
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "copydesk.labels" -}}
{{ include "copydesk.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "copydesk.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary (include "copydesk.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}
{{- define "copydesk.rulebook" -}}
{{ if .Values.rulebook.claim }}yes{{ end }}
{{- end }}
