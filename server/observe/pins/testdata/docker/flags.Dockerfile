FROM --platform=$BUILDPLATFORM golang:1.26 AS a
COPY --link --from=golang:1.25 -- a b
RUN --mount=type=cache,target=/x --mount=type=bind,from=golang,target=/y --network=none go build --flag
RUN -- echo
RUN --security=insecure
COPY --parents ./a/./b /c
