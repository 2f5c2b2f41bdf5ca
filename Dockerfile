# The server with its pages and all models that ship; builds from the repository and the pinned packages alone:
#   docker build -t voxproof .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL -v voxproof:/data -p 127.0.0.1:8000:8000 voxproof
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /src
COPY requirements/web.txt requirements/
RUN /venv/bin/pip install --require-hashes -r requirements/web.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN /venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin voxproof \
    && install -d -o voxproof -g voxproof -m 0700 /data
COPY --from=build /venv /venv
# Voices and own models lie in the volume; everything else that is written, in /tmp, which may be in memory.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    VOXPROOF_HOME=/data/voxproof \
    VOXPROOF_CACHE=/data/cache \
    MPLCONFIGDIR=/tmp/matplotlib
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["voxproof"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
