# One image an app: `docker build --build-arg APP=doer .` It carries the files that the app can reach, and no others.
FROM node:24-slim AS build
ARG APP
WORKDIR /src
COPY . .
RUN npm ci && npm run build && node tools/image-files.mjs "$APP" /image

FROM node:24-slim
ARG APP
ENV NODE_ENV=production APP=$APP
WORKDIR /gatehouse
COPY --from=build /image ./
USER node
CMD ["sh", "-c", "exec node dist/apps/$APP/main.js"]
