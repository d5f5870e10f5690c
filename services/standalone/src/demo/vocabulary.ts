/** Words that the demo's companies, people and cases are made of. All are invented. */
export const CITIES = [
  '北京',
  '上海',
  '深圳',
  '杭州',
  '成都',
  '武汉',
  '苏州',
  '西安',
  '青岛',
  '长沙',
] as const;
export const BRANDS = [
  '云帆',
  '启明',
  '恒信',
  '博远',
  '天润',
  '华盛',
  '锐捷',
  '安泰',
  '嘉禾',
  '鼎新',
  '汇通',
  '金石',
  '蓝海',
  '绿洲',
  '星辰',
  '长风',
  '中和',
  '万象',
  '瑞丰',
  '德元',
] as const;
export const TRADES = [
  { name: '科技', industry: 'I65' },
  { name: '制造', industry: 'C34' },
  { name: '商贸', industry: 'F51' },
  { name: '物流', industry: 'G59' },
  { name: '电子商务', industry: 'I643' },
  { name: '医疗', industry: 'Q84' },
] as const;
export const FAMILY_NAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙'] as const;
export const GIVEN_NAMES = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '强',
  '磊',
  '洋',
  '艳',
  '勇',
  '杰',
  '丽',
  '涛',
  '明',
] as const;
export const POSITIONS = ['总经理', '采购经理', '技术总监', '运营主管', '财务经理'] as const;
export const PRODUCTS = [
  '标准版年度许可',
  '企业版年度许可',
  '实施服务',
  '数据迁移',
  '驻场支持',
  '培训课程',
] as const;
export const SUBJECTS = [
  { subject: '系统数据同步异常', category: 'quality' },
  { subject: '新功能使用咨询', category: 'usage' },
  { subject: '发货延迟', category: 'delay' },
  { subject: '售后响应慢', category: 'after-sales' },
  { subject: '报表导出失败', category: 'quality' },
  { subject: '权限配置咨询', category: 'usage' },
] as const;
export const TALKS = [
  '沟通了近期使用情况，客户总体满意，希望加强培训。',
  '介绍行业动态，客户对自动化模块感兴趣。',
  '回访上次问题的处理结果，客户确认已恢复正常。',
  '讨论续约意向，客户需要内部评审。',
  '收集需求：希望增加移动端审批。',
] as const;
export const COMMENTS = [
  '响应再快一些就更好了',
  '服务很专业',
  '希望多一些培训',
  '产品稳定',
  '个性化方案不够',
] as const;
export const EVIDENCE = [
  '近两期回款延迟',
  '公开诉讼信息',
  '竞品正在试用',
  '采购负责人离职',
  '订单持续减少',
] as const;
