#!/usr/bin/env bash
# Takes what the entry point of the image "flink" takes: jobmanager, taskmanager, standalone-job, or any other command;
# FLINK_PROPERTIES and JOB_MANAGER_RPC_ADDRESS go into the configuration.
set -euo pipefail
conf=$FLINK_HOME/conf
opens='--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED --add-opens=java.base/java.net=ALL-UNNAMED --add-opens=java.base/java.time=ALL-UNNAMED
  --add-exports=java.base/sun.net.util=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED'

configure() {
  cp "$FLINK_HOME/conf.default/"* "$conf/"
  echo "jobmanager.rpc.address: ${JOB_MANAGER_RPC_ADDRESS:-$(hostname)}" >>"$conf/config.yaml"
  # What is given last counts: a key that is given twice would not be read at all.
  while IFS= read -r line; do
    [[ "$line" == *:* ]] || continue
    key=${line%%:*}
    key=${key//[[:space:]]/}
    sed -i "/^${key//./\\.}:/d" "$conf/config.yaml"
    echo "${line#"${line%%[![:space:]]*}"}" >>"$conf/config.yaml"
  done <<<"${FLINK_PROPERTIES:-}"
}

as_flink() {
  if [ "$(id -u)" = 0 ]; then
    chown -R flink "$conf" "$FLINK_HOME/log"
    exec setpriv --reuid=flink --regid=flink --clear-groups "$@"
  fi
  exec "$@"
}

# Memory as the configuration has it, calculated by Flink itself.
resources() {
  java -Xmx96m -XX:TieredStopAtLevel=1 -Dlog4j.configurationFile="$conf/log4j-quiet.properties" -cp "$FLINK_HOME/lib/*" \
    org.apache.flink.runtime.util.bash.BashJavaUtils "$1" --configDir "$conf" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

setting() {
  sed -n "s/^${1//./\\.}: *//p" "$conf/config.yaml" | tail -n 1 | sed 's/^"\(.*\)"$/\1/'
}

jvm() {
  main=$1
  memory=$2
  shift 2
  as_flink java $memory $opens $(setting env.java.opts.all) -Dlog4j.configurationFile="$conf/log4j-console.properties" \
    -cp "$FLINK_HOME/lib/*" "$main" --configDir "$conf" "$@"
}

case ${1:-help} in
  jobmanager)
    configure
    result=$(resources GET_JM_RESOURCE_PARAMS)
    jvm org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint "$(sed -n 1p <<<"$result")" \
      --executionMode cluster "${@:2}"
    ;;
  standalone-job)
    configure
    result=$(resources GET_JM_RESOURCE_PARAMS)
    jvm org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint "$(sed -n 1p <<<"$result")" "${@:2}"
    ;;
  taskmanager)
    configure
    result=$(resources GET_TM_RESOURCE_PARAMS)
    jvm org.apache.flink.runtime.taskexecutor.TaskManagerRunner "$(sed -n 1p <<<"$result")" $(sed -n 2p <<<"$result") "${@:2}"
    ;;
  help)
    echo "Usage: $(basename "$0") (jobmanager|standalone-job|taskmanager|help)"
    ;;
  *)
    configure
    as_flink "$@"
    ;;
esac
