import type { Language } from "@seenas/core";

const COLLECT = {
  en: `seenas collect: gathers what --config reads, with read-only commands

  seenas collect gcp   [--project ID]…       by gcloud; with Shared VPC the host project too
  seenas collect azure [--subscription ID]…  by az
  seenas collect aws   [--region NAME]… [--profile NAME]…
                                             by aws; a profile for each account
  seenas collect gcp   --organization ID | --folder ID
                                             all projects at once, by Cloud Asset Inventory
  seenas collect azure --management-group ID all subscriptions below it, by Resource Graph
  seenas collect gcp|azure|aws --print [sh]  prints a script for Cloud Shell instead
  seenas collect host --print sh|powershell [--to HOST:PORT]
                           prints a script for a host that may install nothing

  --out DIR                where to; seenas-export-gcp and so on if not given; must be empty
  --drop-tags              leaves out what users wrote into tags and labels
  --json                   prints the manifest

Secrets are removed before anything is written. Rights it needs: docs/collect.md
Exit status: 0 everything came · 2 bad usage, no such program, no login · 3 something did not come
`,
  zh: `seenas collect：用只读命令收集 --config 所读的内容

  seenas collect gcp   [--project ID]…       通过 gcloud；使用共享 VPC 时请包含宿主项目
  seenas collect azure [--subscription ID]…  通过 az
  seenas collect aws   [--region 名称]… [--profile 名称]…
                                             通过 aws；每个账号一个 profile
  seenas collect gcp   --organization ID | --folder ID
                                             通过 Cloud Asset Inventory 一次收集所有项目
  seenas collect azure --management-group ID 通过 Resource Graph 收集其下所有订阅
  seenas collect gcp|azure|aws --print [sh]  改为打印供 Cloud Shell 运行的脚本
  seenas collect host --print sh|powershell [--to 主机:端口]
                           打印脚本，供不能安装软件的主机使用

  --out 目录               写到哪里；默认 seenas-export-gcp 等；必须为空
  --drop-tags              不保留用户写在标签中的内容
  --json                   打印清单

写入之前会去除机密。所需权限见 docs/collect.md
退出状态：0 全部取得 · 2 用法有误、没有该程序或未登录 · 3 有未取得的内容
`,
} as const;

export const collectUsage = (language: Language): string => COLLECT[language];
