/** A bug, a full disk: the contract's status 1. @param {unknown} error */
exports.fail = function fail(error) {
  // Whoever closes the pipe has read enough (`seenas map | head`): no message, and the status as far as it is known.
  if (error?.code === "EPIPE") process.exit();
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    say(
      `seenas failed; nothing it printed is an answer. Please report this:\n${reason}\n`,
      `seenas 运行失败，已输出的内容不能作为答案。请报告以下信息：\n${reason}\n`,
    ),
  );
  process.exit(1);
};

exports.say = say;

function say(english, chinese) {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? chinese : english;
}
