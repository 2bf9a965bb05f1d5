export { ALLOW_FORMATS } from "@seenas/core";
