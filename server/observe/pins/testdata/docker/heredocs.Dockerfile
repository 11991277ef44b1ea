FROM alpine
RUN <<EOF
FROM x
EOF
RUN <<-"EOF" sh
	FROM y
	EOF
COPY <<a <<b /x/
FROM a
a
FROM b
b
RUN cat <<'E O F' > x
FROM c
E O F
RUN echo "<<X" '<<X' \<<X $((1<<X))
RUN a <<<X
RUN 3<<EOF cat
EOF
ADD --chown=1 <<EOF /x
 EOF
EOF
ENV A=<<EOF
RUN ["a", "<<EOF"]
RUN << EOF
x
EOF
RUN ${A:-"<<E"} ${B^^} <<E
RUN last
