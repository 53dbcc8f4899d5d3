/** Hand-written, light and dark, from 375 px up. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f5f6f8;--line:#d9dde3;--text:#1c2330;--dim:#5a6372;--link:#0b57d0;
--pass:#176f31;--fail:#c8202b;--error:#7a3fd0;--waived:#8f5d00;--flaky:#8f5d00;--skip:#5a6372;
--passbg:#e3f5e7;--failbg:#fde4e4;--errorbg:#efe5fc;--waivedbg:#fbf0d4;--flakybg:#fbf0d4;--skipbg:#eceef1;
--create:#4c8fdb;--converge:#2f6fb7;--setup:#7aa7d6;--verify:#3c9a5f;--destroy:#9aa3af;--wait:#c9ced6}
@media (prefers-color-scheme:dark){:root{--bg:#12161d;--soft:#1b212b;--line:#343d4b;--text:#e4e8ee;--dim:#a0aaba;--link:#82b1ff;
--pass:#5fd37e;--fail:#ff8086;--error:#c49cff;--waived:#e9b94e;--flaky:#e9b94e;--skip:#a0aaba;
--passbg:#14301c;--failbg:#431a1e;--errorbg:#2f2146;--waivedbg:#3a2d10;--flakybg:#3a2d10;--skipbg:#262d38;
--create:#4c8fdb;--converge:#3a78c2;--setup:#7aa7d6;--verify:#3c9a5f;--destroy:#6b7584;--wait:#3d4654}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:1200px;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.45rem;line-height:1.25;margin:0 0 .35rem}
h2{font-size:1.1rem;margin:2.2rem 0 .7rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
h4{font-size:.9rem;margin:.8rem 0 .3rem}
small{font-weight:400;color:var(--dim);font-size:.8rem}
a{color:var(--link)}
p{margin:.4rem 0}
pre,code,.at{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:.6rem 0 0;padding:.7rem .8rem;background:var(--soft);border:1px solid var(--line);border-radius:6px;overflow:auto;max-height:28rem;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.to-main{position:absolute;left:-99rem}
.to-main:focus{left:1rem;top:1rem;background:var(--bg);padding:.4rem .8rem;z-index:9}
.meta{color:var(--dim);margin:0;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0 0;padding:0;list-style:none}
.tiles li{padding:.35rem .8rem;border-radius:6px;background:var(--soft);border:1px solid var(--line);color:var(--dim)}
.tiles b{font-size:1.15rem;margin-right:.3rem;color:var(--text)}
.tiles .fail,.tiles .fail b{color:var(--fail);background:var(--failbg)}
.tiles .error,.tiles .error b{color:var(--error);background:var(--errorbg)}
.tiles .waived,.tiles .waived b{color:var(--waived);background:var(--waivedbg)}
.tiles .pass b{color:var(--pass)}
nav{margin-top:1rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem}
.problem{border:1px solid var(--line);border-left:4px solid var(--fail);border-radius:6px;padding:.8rem .9rem;margin:0 0 .8rem}
.problem.error{border-left-color:var(--error)}
.problem .where{color:var(--dim);margin:.15rem 0 0;overflow-wrap:anywhere}
.tag{font-size:.72rem;letter-spacing:.04em;padding:.1rem .4rem;border-radius:4px;vertical-align:.1em}
.tag.fail{color:var(--fail);background:var(--failbg)}.tag.error{color:var(--error);background:var(--errorbg)}
summary{cursor:pointer;padding:.25rem 0}
.problem details{margin-top:.5rem}
.remark ul{margin:.2rem 0 .8rem;padding-left:1.3rem;overflow-wrap:anywhere}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1.2rem;align-items:center}
input[type=search]{font:inherit;padding:.3rem .5rem;border:1px solid var(--line);border-radius:6px;background:var(--bg);color:var(--text);width:14rem;max-width:100%}
output{color:var(--dim)}
.legend{color:var(--dim);font-size:.85rem;display:flex;flex-wrap:wrap;gap:.3rem .5rem;align-items:center}
.legend>span{white-space:nowrap;margin-right:.4rem}
.scroll{position:relative;overflow-x:auto;margin:.8rem 0;max-width:100%}
table{border-collapse:separate;border-spacing:0;font-size:.88rem}
caption{text-align:left;padding:.2rem 0;font-weight:600}
th,td{white-space:nowrap;text-align:left;padding:.22rem .6rem;border-bottom:1px solid var(--line);font-weight:400;vertical-align:middle}
thead th{color:var(--dim);font-size:.8rem;vertical-align:bottom}
.long{white-space:normal;min-width:13rem;overflow-wrap:anywhere}
.num{text-align:right;font-variant-numeric:tabular-nums}
td b.fail{color:var(--fail)}td b.pass{color:var(--pass)}
.matrix caption{color:var(--dim);font-weight:400}
.matrix th[scope=row],.matrix thead th:first-child{position:sticky;left:0;background:var(--bg);z-index:1;border-right:1px solid var(--line);white-space:nowrap;max-width:46vw;overflow:hidden;text-overflow:ellipsis}
.matrix .v{padding:.3rem .1rem;text-align:center}
.matrix .v span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:15rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;display:inline-block}
.matrix .t{text-align:right;white-space:nowrap;color:var(--dim);font-variant-numeric:tabular-nums;font-size:.8rem;padding:.22rem .45rem}
.matrix .t.fail,.matrix .t.waived{font-weight:600}
.matrix td.c{padding:1px;border-bottom:0}
.c>span,.c>a,.legend .c{display:inline-flex;align-items:center;justify-content:center;width:1.75rem;height:1.6rem;border-radius:4px;text-decoration:none}
.legend .c{width:1.5rem;height:1.35rem;margin-right:.3rem}.legend .c>span{width:auto;height:auto}
.c.pass>*,.legend .c.pass{color:var(--pass);background:var(--passbg)}
.c.fail>*,.legend .c.fail,.t.fail{color:var(--fail);background:var(--failbg);font-weight:700}
.c.error>*,.legend .c.error{color:var(--error);background:var(--errorbg);font-weight:700}
.c.waived>*,.legend .c.waived,.t.waived{color:var(--waived);background:var(--waivedbg)}
.c.flaky>*,.legend .c.flaky{color:var(--flaky);background:var(--flakybg);font-weight:700}
.c.skip>*,.legend .c.skip{color:var(--skip);background:var(--skipbg)}
.c.none{color:var(--dim)}.t a{color:inherit}
.dot{display:inline-block;width:.6rem;height:.6rem;border-radius:50%;margin-right:.45rem;background:var(--skip);flex:none}
.dot.pass{background:var(--pass)}.dot.fail{background:var(--fail);border-radius:1px}.dot.waived{background:var(--waived);border-radius:1px;transform:rotate(45deg)}
.row summary{display:flex;align-items:center;gap:.8rem;list-style:none;padding:.1rem 0}
.row summary::-webkit-details-marker{display:none}
.name{flex:0 0 15rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:.88rem}
.track{position:relative;flex:1;height:1.15rem;background:var(--soft);border-radius:3px;overflow:hidden;min-width:0}
.row[open] .track,.row summary:hover .track{outline:1px solid var(--line)}
.bar{position:absolute;top:0;bottom:0;min-width:2px;background:var(--converge)}
.bar.create,.key.create{background:var(--create)}.bar.converge,.key.converge{background:var(--converge)}.bar.setup{background:var(--setup)}
.bar.verify,.key.verify{background:var(--verify)}.bar.destroy,.key.destroy{background:var(--destroy)}
.bar.fail{background:repeating-linear-gradient(45deg,var(--fail) 0 6px,#7d1218 6px 9px)}
.bar.waived{background:repeating-linear-gradient(45deg,var(--waived) 0 6px,#5f4300 6px 9px)}
.bar.wait,.key.wait{background:repeating-linear-gradient(135deg,var(--wait) 0 4px,var(--soft) 4px 7px)}
.key{display:inline-block;width:1.3rem;height:.8rem;border-radius:2px;margin-right:.35rem}
.axis{display:flex;gap:.8rem;color:var(--dim);font-size:.75rem}
.ticks{flex:1;display:flex;justify-content:space-between}
.steps{margin:.2rem 0 .8rem;padding:0 0 0 1rem;font-size:.88rem;list-style:none;overflow-wrap:anywhere}
.steps ul{list-style:none;padding-left:1.5rem;color:var(--dim)}
.at{color:var(--dim);display:inline-block;min-width:3.6rem;text-align:right;margin-right:.4rem;font-weight:400}
.share{width:9rem;min-width:4rem}.share i{display:block;height:.6rem;background:var(--converge);border-radius:2px;min-width:2px}
.log{border:1px solid var(--line);border-radius:6px;padding:.1rem .8rem;margin:.4rem 0}
.log pre{border:0;padding:.6rem;margin-bottom:.6rem;max-height:34rem}
.log pre b{color:var(--link)}.log pre i{font-style:normal}.log .e{color:var(--fail)}.log .gap{color:var(--dim)}
mark{background:#ffe27a;color:#1c2330}
[hidden]{display:none!important}
footer{color:var(--dim);font-size:.8rem;padding-top:2rem;padding-bottom:2rem}
@media (max-width:640px){body{font-size:14.5px}h1{font-size:1.2rem}.row summary{flex-direction:column;align-items:stretch;gap:.1rem;padding:.25rem 0}.name{flex:none}.track{flex:none;width:100%}.axis .name{display:none}.matrix .v span{max-height:11rem}pre{font-size:11.5px}.problem{padding:.7rem}}
@media print{.controls,nav{display:none}pre{max-height:none}}
`;
