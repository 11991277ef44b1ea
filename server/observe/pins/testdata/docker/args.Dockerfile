ARG V=1.26.1
ARG A=${V}-alpine B="q $V" C='$V' D=${N:-x} E=${V:+y} F
ARG REG=${REG2:-docker.io/library}
ARG EMPTY=
FROM ${REG}/golang:${A}
FROM golang:${V%.*} AS b
FROM golang:${V#1.}
FROM golang:${V/1.26/1.25}
FROM golang:$V-$D$E
FROM "golang:${EMPTY:-1.20}"
FROM golang:${EMPTY-1.20}x
FROM golang:${F:-1.19}
FROM golang:${V:+${A}}
FROM golang:\$V
FROM golang:${N:-${M:-1.18}}
FROM golang:${V%%.*} AS c
FROM golang:${V##*.} AS d
