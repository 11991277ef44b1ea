from golang:1.26 as Build
fRoM BUILD As two
copy --from=build /a /b
FROM two
