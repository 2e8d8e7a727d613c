# The production image: the same lock file as on a developer's machine, no build tools, no root.
#
#   docker build --tag motenashi .
#   docker run --publish 8000:8000 --volume motenashi:/srv/motenashi/var --env MOTENASHI_SECRET_KEY=… motenashi

FROM python:3.11-slim AS libraries
COPY requirements/runtime.lock /tmp/runtime.lock
# The environment gets no pip of its own: what runs in production installs nothing.
RUN python -m venv --without-pip /opt/motenashi \
 && python -m pip --python /opt/motenashi/bin/python install \
      --no-cache-dir --no-compile --require-hashes --only-binary :all: --requirement /tmp/runtime.lock

FROM python:3.11-slim
ENV PATH=/opt/motenashi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MOTENASHI_ENVIRONMENT=production \
    BIND=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /srv/motenashi --shell /usr/sbin/nologin motenashi \
 && install --directory --owner motenashi --group motenashi /srv/motenashi /srv/motenashi/var
WORKDIR /srv/motenashi
COPY --from=libraries /opt/motenashi /opt/motenashi
COPY app.py config.yaml gunicorn.conf.py LICENSE ./
COPY flows flows
COPY plugs plugs
COPY nlp nlp
COPY crm_client crm_client
COPY motenashi motenashi
# The model that reads mail is built here, so that no container has to; it lies beside the code, which nobody can change.
RUN python app.py train && python -m compileall -q . /opt/motenashi/lib
USER motenashi
VOLUME /srv/motenashi/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
# Tables are brought up to date first; several containers that start at once do that one after the other. `run` serves, and
# keeps the worker that reads mail beside it. Larger: `gunicorn --config gunicorn.conf.py` and `python app.py worker` as
# containers of their own, with the same volume on each machine.
CMD ["python", "app.py", "run"]
