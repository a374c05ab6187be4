# syntax=docker/dockerfile:1

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/bot ./cmd/bot \
 && mkdir -p /out/cache /out/state

# Nothing but the program, the certificates it checks sites with, time zones, and folders
# for the compiled PDF engine and for the store.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build /out/bot /bot
COPY LICENSE NOTICE /licenses/
COPY --from=build --chown=65532:65532 /out/cache /cache
COPY --from=build --chown=65532:65532 /out/state /state
USER 65532:65532
ENV ZONEINFO=/zoneinfo.zip ONRECORD_LISTEN=:8080 ONRECORD_CACHE_DIR=/cache ONRECORD_STATE_FILE=/state/onrecord.db
VOLUME ["/cache", "/state"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["/bot", "health"]
ENTRYPOINT ["/bot"]
CMD ["serve"]
