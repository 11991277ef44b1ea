# syntax=docker/dockerfile:1
# check=skip=all
# escape=`
FROM golang:1.26 `
  AS x
RUN dir C:\ && `
    # comment
    echo \
ENV A=b`

  B=c
